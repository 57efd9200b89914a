import { bindingRoute } from "../dapr/component-files.ts";
import type { BindingLife } from "./binding-lives.ts";
import type { RunRecord } from "./run-record.ts";

/** Posts of a binding that were answered with success, against the ticks that succeeded, by daprd's counters. */
export interface PostsAgain {
  readonly route: string;
  readonly posts: number;
  /** Of the answers, each once. */
  readonly statuses: readonly number[];
  /** Ticks that succeeded. */
  readonly delivered: number;
}

/** `undefined`: no more posts than ticks, or the counters do not tell. */
export function postsAgain(
  record: RunRecord,
  { component, metrics, unseen, calls }: BindingLife,
): PostsAgain | undefined {
  if (metrics === null) return undefined;
  const route = bindingRoute(component);
  const sharing = record.componentFiles
    .values()
    .flatMap((files) => files.flatMap(({ components }) => components))
    .filter((one) => bindingRoute(one) === route);
  if ([...sharing].length > 1) return undefined;
  const { answers } = metrics.deliveryPosts(route);
  const good = [...answers].filter(([status]) => status >= 200 && status < 300);
  const posts = good.reduce((sum, [, count]) => sum + count, 0);
  const delivered = calls.filter(({ success }) => success).length + unseen.success;
  return posts <= delivered
    ? undefined
    : { route, posts, statuses: good.map(([status]) => status), delivered };
}

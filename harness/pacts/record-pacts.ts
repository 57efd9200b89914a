import type { DaprComponent } from "../dapr/component-files.ts";
import type { SeenExchange } from "../wire/exchange.ts";
import { otherDirection, type Direction } from "./direction.ts";
import { sameAs, statementOf, type WholeExchange } from "./interaction.ts";
import type { InteractionNotes, PactFile, PactInteraction, RecordedFrom } from "./pact-file.ts";
import { operationIn } from "./spoken.ts";

/** What contracts are recorded from: a run's exchanges, and what is known of the site beside them. */
export interface Recording {
  readonly exchanges: readonly SeenExchange[];
  readonly site: string;
  /** The container that daprd calls. */
  readonly main: string;
  /** The container that runs daprd. */
  readonly sidecar: string;
  /** What the sidecar's component files state. */
  readonly components: readonly DaprComponent[];
}

/** An exchange between the two that no contract can be made of. */
export interface LeftOut {
  readonly exchange: SeenExchange;
  readonly why: string;
}

export interface RecordedPacts {
  /** What daprd asks and main answers; consumer is the sidecar. */
  readonly toMain: PactFile;
  /** What main asks and daprd answers; consumer is main. */
  readonly toSidecar: PactFile;
  readonly leftOut: readonly LeftOut[];
}

/** A recording, and which of its exchanges are left out. */
interface Sorted extends Recording {
  readonly leftOut: readonly LeftOut[];
}

interface Group {
  readonly direction: Direction;
  readonly exchanges: readonly [WholeExchange, ...WholeExchange[]];
}

/** Turns the exchanges between a main and its sidecar into one contract for each direction. */
export function recordPacts(recording: Recording): RecordedPacts {
  const leftOut: LeftOut[] = [];
  const groups = new Map<string, Group>();
  for (const exchange of recording.exchanges) {
    const direction = directionOf(exchange, recording);
    if (direction === undefined) continue;
    const why = unusable(exchange);
    if (why !== undefined || !isWhole(exchange)) {
      leftOut.push({ exchange, why: why ?? "no answer was seen" });
      continue;
    }
    const key = `${direction} ${sameAs(exchange, direction, recording.components)}`;
    const before = groups.get(key)?.exchanges;
    groups.set(key, { direction, exchanges: before === undefined ? [exchange] : [...before, exchange] });
  }
  const all = [...groups.values()];
  const pactOf = (direction: Direction): PactFile => fileOf(direction, all, { ...recording, leftOut });
  return { toMain: pactOf("sidecar-to-main"), toSidecar: pactOf("main-to-sidecar"), leftOut };
}

function directionOf({ from, to }: SeenExchange, { main, sidecar }: Recording): Direction | undefined {
  if (from.container === sidecar && to.container === main) return "sidecar-to-main";
  if (from.container === main && to.container === sidecar) return "main-to-sidecar";
  return undefined;
}

function unusable({ protocol, request, response, end }: SeenExchange): string | undefined {
  if (protocol === "grpc") return "gRPC is no HTTP interaction of Pact's";
  if (end.how !== "answered" || response === undefined) {
    return `it was not answered (${end.how}${end.detail === undefined ? "" : `, ${end.detail}`})`;
  }
  for (const [what, body] of [
    ["request", request.body],
    ["answer", response.body],
  ] as const) {
    if (body.truncated) return `its ${what}'s body is longer than the tap keeps`;
    if ((body.missing ?? 0) > 0) return `bytes of its ${what}'s body were not seen`;
  }
  return undefined;
}

function isWhole(exchange: SeenExchange): exchange is WholeExchange {
  return exchange.response !== undefined;
}

function fileOf(direction: Direction, groups: readonly Group[], recording: Sorted): PactFile {
  const own = groups.filter((group) => group.direction === direction);
  const interactions = own.map((group): PactInteraction => {
    const { topic, ...statement } = statementOf(group.exchanges, direction, recording.components);
    return {
      type: statement.type,
      key: statement.key,
      description: statement.description,
      pending: !isUsual(group, own),
      comments: { text: topic.text, sitecar: notesOf(group, groups, recording, topic.tick) },
      request: statement.request,
      response: statement.response,
    };
  });
  const { main, sidecar } = recording;
  const [consumer, provider] = direction === "main-to-sidecar" ? [main, sidecar] : [sidecar, main];
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions,
    metadata: { pactSpecification: { version: "4.0" }, sitecar: recordedFrom(recording) },
  };
}

/** Of several answers to one request the contract is the one given most often, at a draw the earliest. */
function isUsual(group: Group, all: readonly Group[]): boolean {
  const requestOf = ({ exchanges: [{ request }] }: Group): string =>
    `${request.method} ${request.path} ${operationIn(Buffer.from(request.body.text ?? "")) ?? ""}`;
  const rivals = all.filter((other) => requestOf(other) === requestOf(group));
  const most = Math.max(...rivals.map(({ exchanges }) => exchanges.length));
  return rivals.find(({ exchanges }) => exchanges.length === most) === group;
}

function notesOf(
  group: Group,
  groups: readonly Group[],
  recording: Sorted,
  tick: InteractionNotes["tick"],
): InteractionNotes {
  const lives = Map.groupBy(group.exchanges, ({ instance }) => instance);
  const during = duringOf(group, groups, recording);
  return {
    // A tick comes again, also where the run was too short for a second one.
    occurs:
      tick === undefined && [...lives.values()].every(({ length }) => length === 1) ? "once" : "repeatedly",
    ...(tick === undefined ? {} : { tick }),
    ...(during === undefined ? {} : { during }),
  };
}

/** The interaction of the other direction inside whose exchanges all of this one's lie. */
function duringOf(group: Group, groups: readonly Group[], recording: Sorted): InteractionNotes["during"] {
  const direction = otherDirection(group.direction);
  // Inside an exchange that is left out, as one that the run's end cut off, it says nothing.
  const telling = group.exchanges.filter(
    (inner) =>
      !recording.leftOut.some(
        ({ exchange }) => directionOf(exchange, recording) === direction && liesIn(inner, exchange),
      ),
  );
  for (const outer of groups.filter((other) => other.direction === direction)) {
    const counts = outer.exchanges.map((around) => telling.filter((inner) => liesIn(inner, around)).length);
    if (telling.length === 0 || counts.reduce((sum, count) => sum + count, 0) !== telling.length) continue;
    const [times = 0] = counts;
    const { key } = statementOf(outer.exchanges, direction, recording.components);
    return counts.every((count) => count === times) && isLasting(group) ? { key, times } : { key };
  }
  return undefined;
}

/** What came a single time says nothing of how often it comes. */
function isLasting({ exchanges }: Group): boolean {
  return exchanges.length > 1;
}

function liesIn(inner: SeenExchange, around: SeenExchange): boolean {
  return (
    inner.instance === around.instance &&
    inner.times.startMs >= around.times.startMs &&
    (around.times.endMs === undefined || inner.times.startMs <= around.times.endMs)
  );
}

function recordedFrom(recording: Recording): RecordedFrom {
  const { exchanges, site, main, sidecar } = recording;
  const toMain = exchanges.find((exchange) => directionOf(exchange, recording) === "sidecar-to-main");
  const toSidecar = exchanges.find((exchange) => directionOf(exchange, recording) === "main-to-sidecar");
  const answers = exchanges.flatMap((exchange) =>
    exchange.to.container === sidecar && exchange.request.path === "/v1.0/metadata"
      ? [exchange.response?.body.text ?? ""]
      : [],
  );
  const about = answers.map(aboutDaprd).find((known) => known !== undefined);
  return {
    site,
    main,
    sidecar,
    ...about,
    ...(toMain === undefined ? {} : { appPort: toMain.to.port }),
    ...(toSidecar === undefined ? {} : { daprPort: toSidecar.to.port }),
  };
}

function aboutDaprd(metadata: string): Pick<RecordedFrom, "daprd" | "appId"> | undefined {
  const version = /"(?:runtimeVersion|daprRuntimeVersion)":\s*"([^"]+)"/.exec(metadata)?.[1];
  const id = /"id":\s*"([^"]+)"/.exec(metadata)?.[1];
  if (version === undefined && id === undefined) return undefined;
  return { ...(version === undefined ? {} : { daprd: version }), ...(id === undefined ? {} : { appId: id }) };
}

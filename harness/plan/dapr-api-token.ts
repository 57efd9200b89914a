import type { SitePlan } from "./site-plan.ts";

/** What a daprd in this container asks of its callers, the harness too (daprd.md §1); nothing where it asks for none. */
export function daprApiToken(plan: SitePlan, container: string): { readonly apiToken?: string } {
  const environment = plan.containers.find(({ name }) => name === container)?.environment;
  const apiToken = environment?.["DAPR_API_TOKEN"];
  return apiToken === undefined || apiToken === "" ? {} : { apiToken };
}

import { ok, problem, type Finding } from "./finding.ts";

const CHECK = "node";

/**
 * @param version for example `24.21.0`; default this process's.
 * @param wanted the package's `engines.node`, of the form `>=24`.
 */
export function checkNode(wanted: string, version: string = process.versions.node): Finding {
  const least = Number(/^>=(\d+)/.exec(wanted)?.[1]);
  const major = Number.parseInt(version, 10);
  if (major >= least) return ok(CHECK, `Node ${version} (${wanted} is needed)`);
  return problem(
    CHECK,
    `this is Node ${version}, but ${wanted} is needed`,
    "run it through the package's npm scripts, which bring their own Node, or install a newer one",
  );
}

import type { Judgement } from "../contracts/contract.ts";
import { readRunRecord } from "../contracts/read-run-record.ts";
import { diagnose } from "./diagnose.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** As {@link diagnose}, of a finished run's folder. @throws {SitecarError} RUN_UNREADABLE */
export async function diagnoseRun(runDirectory: string, broken: Judgement): Promise<readonly Diagnosis[]> {
  return diagnose(await readRunRecord(runDirectory), broken);
}

/**
 * `node count-tests.mjs <report.json> <exit code of vitest>` prints `<passed> <failed>`.
 *
 * A test file that could not be loaded holds no tests and counts as one failure; so does a run that ended with an exit
 * code for another reason (global setup, an unhandled error, the time limit), and one in which no test ran.
 */
import { readFileSync } from "node:fs";

const [path, exitCode] = process.argv.slice(2);
const { testResults } = readReport(path);
const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
const passed = tests.filter(({ status }) => status === "passed").length;
const failedTests = tests.filter(({ status }) => status === "failed").length;
// A hook of a file can fail with all of its tests passed.
const failedFiles = testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && assertionResults.every((test) => test.status !== "failed"),
).length;
const failed = failedTests + failedFiles;
const silentFailure = failed === 0 && (exitCode !== "0" || passed === 0);
process.stdout.write(`${passed} ${silentFailure ? 1 : failed}\n`);

/** A run that was ended from outside writes no report. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { testResults: [] };
  }
}

/** Prints what a scenario measured, whether or not it holds: for the person who reads the run. */
export function state(text: string): void {
  process.stdout.write(`  measured: ${text}\n`);
}

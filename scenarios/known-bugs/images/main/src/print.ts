/** A line for whoever reads the container's log. */
export function print(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

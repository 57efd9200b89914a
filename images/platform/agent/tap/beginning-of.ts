const SHOWN_BYTES = 32;

/** The first bytes, for a message: as text where they are one, else in hexadecimal. */
export function beginningOf(bytes: Buffer): string {
  const first = bytes.subarray(0, SHOWN_BYTES);
  const text = first.toString("latin1");
  const shown = /^[\x20-\x7e\r\n\t]*$/.test(text) ? JSON.stringify(text) : first.toString("hex");
  return bytes.length > SHOWN_BYTES ? `${shown} …` : shown;
}

import type { Value } from "../value.ts";
import { interpolate } from "./interpolate.ts";

/** Reads the texts of one Compose file, variables put in. */
export class ComposeTexts {
  readonly #lookUp: (name: string) => string | undefined;
  /** Called where what Compose makes of a text is not what the Azure CLI's conversion takes. */
  readonly #onSubstituted: (at: Value, message: string) => void;

  constructor(
    lookUp: (name: string) => string | undefined,
    onSubstituted: (at: Value, message: string) => void,
  ) {
    this.#lookUp = lookUp;
    this.#onSubstituted = onSubstituted;
  }

  /** A scalar as the conversion has it: Python's words for booleans and numbers. `undefined`: it is none. */
  of(value: Value): string | undefined {
    if (value.isNull) return undefined;
    const scalar = value.peekScalar();
    if (scalar === undefined) return undefined;
    if (typeof scalar === "boolean") return scalar ? "True" : "False";
    if (typeof scalar === "number") return numberText(scalar, value);
    return this.#substitute(scalar, value);
  }

  #substitute(text: string, at: Value): string {
    if (!text.includes("$")) return text;
    const outcome = interpolate(text, this.#lookUp);
    if ("fault" in outcome) {
      at.complain(`${outcome.fault}.`, 'Correct the variable, or write "$$" for a dollar.');
      return text;
    }
    if (outcome.text !== text) {
      const unset = outcome.unset.length === 0 ? "" : ` (${outcome.unset.join(", ")}: not set, so empty)`;
      this.#onSubstituted(
        at,
        `variables are put in as Compose does${unset}; the Azure CLI's conversion leaves the text as it is written.`,
      );
    }
    return outcome.text;
  }
}

/** `1.0` stays `1.0`, `0x10` becomes `16`. */
function numberText(number: number, at: Value): string {
  const written = at.literal() ?? "";
  const isFloat = /[.eE]/.test(written) && !/^0x/i.test(written);
  return isFloat && Number.isInteger(number) ? `${number}.0` : String(number);
}

/** A text with Compose's variables put in. */
export interface Interpolation {
  readonly text: string;
  /** Variables that had no value and no default: Compose takes them as empty. */
  readonly unset: readonly string[];
}

/** Why a text is none that Compose takes. */
export interface InterpolationFault {
  /** Completes "… ". */
  readonly fault: string;
}

/** App Service's own variable, which the conversion looks for as it is written (A1.17). */
const KEPT = "WEBAPP_STORAGE_HOME";

/**
 * Compose's interpolation: `$NAME`, `${NAME}`, `:-` and `-` for a default, `:+` and `+` for a replacement, `:?` and `?` for
 * a value that is required, and `$$` for a dollar. Defaults may have variables themselves.
 */
export function interpolate(
  text: string,
  lookUp: (name: string) => string | undefined,
): Interpolation | InterpolationFault {
  const unset: string[] = [];
  try {
    return { text: expand(text), unset };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message };
    throw error;
  }

  function expand(part: string): string {
    let result = "";
    for (let at = 0; at < part.length;) {
      const dollar = part.indexOf("$", at);
      if (dollar === -1) return result + part.slice(at);
      result += part.slice(at, dollar);
      const plain = /^\$(?<name>[A-Za-z_]\w*)/.exec(part.slice(dollar));
      if (part[dollar + 1] === "$") {
        result += "$";
        at = dollar + 2;
      } else if (part[dollar + 1] === "{") {
        const end = closingBrace(part, dollar + 2);
        result += substitute(part.slice(dollar + 2, end));
        at = end + 1;
      } else if (plain?.groups === undefined) {
        throw new Fault(`has a "$" that begins no variable at character ${dollar + 1}`);
      } else {
        const { name = "" } = plain.groups;
        result += name === KEPT ? `$${name}` : valueOf(name);
        at = dollar + 1 + name.length;
      }
    }
    return result;
  }

  function substitute(expression: string): string {
    const parts = /^(?<name>[A-Za-z_]\w*)(?:(?<operator>:?[-+?])(?<operand>[^]*))?$/.exec(expression)?.groups;
    if (parts === undefined) throw new Fault(`has "\${${expression}}", which is no variable`);
    const { name = "", operator = "", operand = "" } = parts;
    if (name === KEPT && operator === "") return `\${${name}}`;
    const value = lookUp(name);
    const given = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
    switch (operator.at(-1) ?? "") {
      case "-":
        return given ? (value ?? "") : expand(operand);
      case "+":
        return given ? expand(operand) : "";
      case "?":
        if (!given)
          throw new Fault(`requires the variable ${name}: ${operand === "" ? "it is not set" : operand}`);
        return value ?? "";
      default:
        return valueOf(name);
    }
  }

  function valueOf(name: string): string {
    const value = lookUp(name);
    if (value === undefined) unset.push(name);
    return value ?? "";
  }
}

class Fault extends Error {}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith("${", at)) depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new Fault('has a "${" that is not closed');
}

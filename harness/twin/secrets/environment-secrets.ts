import type { SecretStore } from "./secret-store.ts";

/** `secretstores.local.env`: a variable that is not there is empty; daprd's own are not given away. */
export class EnvironmentSecrets implements SecretStore {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #prefix: string;

  constructor(environment: Readonly<Record<string, string | undefined>>, prefix: string) {
    this.#environment = environment;
    this.#prefix = prefix;
  }

  get(name: string): Readonly<Record<string, string>> {
    const variable = this.#prefix + name;
    return { [name]: isAllowed(variable) ? (this.#environment[variable] ?? "") : "" };
  }

  all(): Readonly<Record<string, Readonly<Record<string, string>>>> {
    const named = Object.entries(this.#environment).flatMap(([variable, value]) => {
      const belongs =
        this.#prefix === "" || (variable.startsWith(this.#prefix) && variable.length > this.#prefix.length);
      const name = variable.slice(this.#prefix.length);
      return belongs && isAllowed(variable) && value !== undefined
        ? [[name, { [name]: value }] as const]
        : [];
    });
    return Object.fromEntries(named);
  }
}

function isAllowed(variable: string): boolean {
  const upper = variable.toUpperCase();
  return upper !== "APP_API_TOKEN" && !upper.startsWith("DAPR_");
}

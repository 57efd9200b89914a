/** A secret store of the twin. */
export interface SecretStore {
  /** @throws {GoError} */
  get(name: string): Readonly<Record<string, string>>;
  all(): Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What stands in the place of a secret wherever an environment is shown or saved. */
export const MASKED = "(masked)";

/** Names of variables that hold secrets, by what people call them. Too many masked is better than one too few. */
const SECRET_NAME =
  /SECRET|PASSW|PWD|TOKEN|KEY|CREDENTIAL|CONNECTION_?STR|CONNSTR|(?:^|_)(?:SAS|PAT|PIN)(?:_|$)|IDENTITY_HEADER/i;

/** Values that are secrets whatever their name: connection strings, URLs with a password or a signature, keys. */
const SECRET_VALUE =
  /(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=|[?&]sig=|:\/\/[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/i;

/** Trust variables name files; their names only sound like secrets. */
const PUBLIC_PATH = /^\/etc\/sitecar\/trust\//;

/** A variable's value, or {@link MASKED} where its name or the value itself tells of a secret. */
export function maskValue(name: string, value: string): string {
  if (value === "" || PUBLIC_PATH.test(value)) return value;
  return SECRET_NAME.test(name) || SECRET_VALUE.test(value) ? MASKED : value;
}

export function maskEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, maskValue(name, value)]),
  );
}

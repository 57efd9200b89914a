/** Ends of names that hold secrets; `PARTITION_KEY`, `KEY_VAULT_NAME` or `TOKEN_ENDPOINT` are none. */
const SECRET_NAME =
  /(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRET|(?:API|ACCESS|ACCOUNT|SHARED|SHARED_ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|MASTER|STORAGE|SUBSCRIPTION|CLIENT|FUNCTION|HOST|ADMIN)_?KEY|(?:AUTH|ACCESS|API|BEARER|REFRESH|BOT|PERSONAL_ACCESS)_?TOKEN|TOKEN|CREDENTIALS?|SAS)$/;

/** Secrets whatever their name. */
const SECRET_VALUE =
  /(?:^|;)\s*(?:AccountKey|SharedAccessKey|SharedAccessSignature|SharedSecret|Password|Pwd)\s*=\s*[^;\s]|[?&]sig=[\w%]|:\/\/[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/i;

/** What stands for a secret: a Key Vault reference, a placeholder, a file's path, a flag, an address. */
const STAND_IN =
  /^(?:@Microsoft\.KeyVault\(.*\)|<.*>|\$\{?\w+\}?|\{\{.*\}\}|\[.*\]|\/[\w./-]*|true|false|none|null|https?:\/\/[^@]*)$/is;

/** Whether a value under this name is a secret that is written out. Careful: silence is better than a false alarm. */
export function isSecret(name: string, value: string): boolean {
  if (value === "" || STAND_IN.test(value.trim())) return SECRET_VALUE.test(value) && value.includes("sig=");
  if (SECRET_VALUE.test(value)) return true;
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/\W+/g, "_")
    .toUpperCase();
  if (!SECRET_NAME.test(words)) return false;
  // Numbers are limits and versions, but for passwords.
  return !/^\d+$/.test(value) || /PASS|PWD/.test(words);
}

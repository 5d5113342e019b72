/** Shorter ones cannot be masked in what services say, so the vault takes none of them. */
const SHORTEST_SECRET = 6;
const NAME =
  /(?:^|_)(?:PASS(?:WORD|WD|PHRASE)?|SECRET|TOKEN|KEY|CREDENTIALS?|PRIVATE|SALT|DSN|APIKEY)(?:_|$)/i;
const ADDRESS_WITH_PASSWORD = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** Whether a variable is one to be kept out of a file that everybody can read. */
export function looksSecret(name: string, value: string): boolean {
  return value.length >= SHORTEST_SECRET && (NAME.test(name) || ADDRESS_WITH_PASSWORD.test(value));
}

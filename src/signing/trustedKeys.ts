/** A key that somebody here is believed by, and for which times. */
export interface TrustedKey {
  /** Raw Ed25519 public key, 64 hex digits. */
  readonly publicKey: string;
  /** First and last instant of what it signs that count, ms since the Unix epoch, both included; left out: no bound. */
  readonly validAfter?: number | undefined;
  readonly validBefore?: number | undefined;
}

/** Whether what the key signed at that time counts. @param at ms since the Unix epoch */
export function isTrustedAt(keys: readonly TrustedKey[], publicKey: string, at: number): boolean {
  return keys.some((key) => key.publicKey === publicKey && covers(key, at));
}

/** Why what the key signed then does not count, the end of a sentence about it; undefined: it does. @param at ms since the Unix epoch */
export function whyUntrusted(
  keys: readonly TrustedKey[],
  publicKey: string,
  at: number,
): string | undefined {
  if (isTrustedAt(keys, publicKey, at)) return undefined;
  const lines = keys.filter((key) => key.publicKey === publicKey);
  if (lines.length === 0) return 'is not trusted here';
  const spans = lines.map(spanOf).join(', or ');
  return `is trusted here for what it signed ${spans}, and not at ${new Date(at).toISOString()}`;
}

function covers(
  { validAfter = -Infinity, validBefore = Infinity }: TrustedKey,
  at: number,
): boolean {
  return at >= validAfter && at <= validBefore;
}

function spanOf({ validAfter, validBefore }: TrustedKey): string {
  const said = (word: string, at: number | undefined) =>
    at === undefined ? [] : [`${word} ${new Date(at).toISOString()}`];
  return [...said('from', validAfter), ...said('until', validBefore)].join(' ');
}

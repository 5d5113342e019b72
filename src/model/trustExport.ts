export const TRUST_FORMATS = ['svg', 'json'] as const;
export type TrustFormat = (typeof TRUST_FORMATS)[number];

/** What is saved of the chain of trust. */
export interface TrustExport {
  readonly format: TrustFormat;
  /** One Capsule's whole chain; left out: the newest entries of all. */
  readonly capsuleHash?: string | undefined;
}

/** Entries of one Capsule, which a person's work with it bounds: more are no drawing any more. */
export const WHOLE_CHAIN = 1_000;
const HASH_DIGITS = 8;

/** The API's route that answers with it. */
export function trustRoute({ format, capsuleHash }: TrustExport): string {
  const route = format === 'svg' ? '/api/provenance/graph.svg' : '/api/provenance/graph';
  return capsuleHash === undefined ? route : `${route}?capsule=${capsuleHash}&limit=${WHOLE_CHAIN}`;
}

/** Such as "trust-3f9a21bc.svg". */
export function trustFileName({ format, capsuleHash }: TrustExport): string {
  const name = capsuleHash === undefined ? 'trust' : `trust-${capsuleHash.slice(0, HASH_DIGITS)}`;
  return `${name}.${format}`;
}

/** What the route answered, as a person would read it. */
export function trustFileText({ format }: TrustExport, answer: string): string {
  return format === 'svg' ? answer : `${JSON.stringify(JSON.parse(answer), null, 2)}\n`;
}

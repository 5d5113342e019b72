import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { MeshSimError } from '../base/errors.ts';
import { MIN_SECRET_CHARS } from './encodings.ts';

/** The scope simulations read, and the only one they read. All others are named after environments. */
export const SIMULATION_SCOPE = 'sim';

const SCOPE_NAME = /^[a-z][a-z0-9-]{0,62}$/;
const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Beyond it a value is a file, and would not fit into an environment. */
const MAX_SECRET_BYTES = 32 * 1024;
const KEY_BYTES = 32;

const contentSchema = z.strictObject({
  v: z.literal(1),
  /** A file that was given another scope's name does not pass as that scope. */
  scope: z.string(),
  key: z.base64(),
  secrets: z.record(z.string(), z.string()),
});

/** What is inside the encrypted file of one scope. */
export interface ScopeContent {
  /** Made at random when the scope was created; only fingerprints are derived from it. */
  readonly key: Buffer;
  /** Name → value, in memory only. */
  readonly secrets: ReadonlyMap<string, string>;
}

export function newContent(): ScopeContent {
  return { key: randomBytes(KEY_BYTES), secrets: new Map() };
}

export function contentText(scope: string, { key, secrets }: ScopeContent): string {
  const sorted = [...secrets].sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({
    v: 1,
    scope,
    key: key.toString('base64'),
    secrets: Object.fromEntries(sorted),
  });
}

/** Undefined when the text is not the content of this scope. */
export function contentOf(scope: string, text: string): ScopeContent | undefined {
  const parsed = contentSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.scope !== scope) return undefined;
  const key = Buffer.from(parsed.data.key, 'base64');
  if (key.length !== KEY_BYTES) return undefined;
  return { key, secrets: new Map(Object.entries(parsed.data.secrets)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function isScopeName(text: string): boolean {
  return SCOPE_NAME.test(text);
}

/** @throws MeshSimError `usage` */
export function assertScopeName(scope: string): void {
  if (isScopeName(scope)) return;
  throw new MeshSimError(
    'usage',
    `"${scope}" is no vault scope: use "${SIMULATION_SCOPE}" or the name of an environment (lower-case letters, digits, hyphens).`,
  );
}

/**
 * The text of bytes; others would be stored as something else than they are.
 * @param what they are, as the subject of a sentence
 * @throws MeshSimError `secret-invalid`
 */
export function secretText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new MeshSimError('secret-invalid', `${what} is not UTF-8 text: save it as UTF-8.`, {
      cause: error,
    });
  }
}

/** @throws MeshSimError `secret-invalid` saying which secret, never its value or length */
export function assertSecret(name: string, value: string, from = ''): void {
  const problem = nameProblem(name) ?? valueProblem(value);
  if (problem === undefined) return;
  throw new MeshSimError('secret-invalid', `The secret ${name}${from} ${problem}.`);
}

/** The end of a sentence about a secret; undefined: it may be named so. */
export function nameProblem(name: string): string | undefined {
  return SECRET_NAME.test(name) ? undefined : 'does not have the name of an environment variable';
}

/** The end of a sentence about a secret; undefined: it may be stored. */
export function valueProblem(value: string): string | undefined {
  if (value.trim().length < MIN_SECRET_CHARS) {
    return `is shorter than ${MIN_SECRET_CHARS} characters: so short a value cannot be told from ordinary text in logs`;
  }
  if (value.includes('\0')) return 'holds a zero byte, which no environment variable can';
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) return 'is larger than 32 KiB';
  return /\p{Surrogate}/u.test(value) ? 'is not valid Unicode text' : undefined;
}

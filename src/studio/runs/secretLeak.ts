import { isUtf8 } from 'node:buffer';
import { MeshSimError } from '../../base/errors.ts';
import { regularPieces } from '../../base/regularFile.ts';
import type { Redactor } from '../../vault/redactor.ts';

/** Shorter texts can hold no secret as base64. */
const BASE64 = /^[A-Za-z0-9+/_-]{8,}={0,2}$/;

/**
 * The last look before evidence is signed: everything in it was masked on its way here, so what is still found came by a
 * way nobody thought of. Looks at each string and key, and inside payloads that are base64, as those of envelopes.
 * @throws MeshSimError `secret-leak` naming the secret and the place, never the value
 */
export function assertNoSecret(statement: Uint8Array, redactor: Redactor): void {
  assertNone(findIn(JSON.parse(Buffer.from(statement).toString()), '', redactor));
}

/**
 * As `assertNoSecret`, of the events whose digest is about to be signed; one line is in memory at a time.
 * @throws MeshSimError `secret-leak` naming the secret, the line and the field
 */
export async function assertNoSecretInEvents(file: string, redactor: Redactor): Promise<void> {
  if (redactor.isEmpty) return;
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const leak = findIn(JSON.parse(line), '', redactor);
    assertNone(leak && { ...leak, place: `${leak.place} (line ${number} of events.jsonl)` });
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of regularPieces(file)) {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest.toString();
}

function assertNone(leak: Leak | undefined): void {
  if (leak === undefined) return;
  throw new MeshSimError(
    'secret-leak',
    `The result would hold the secret ${leak.name} at ${leak.place}, so it was not sealed: keep that value out of names, commands and plain env, or choose one that is not an ordinary word.`,
  );
}

interface Leak {
  readonly name: string;
  readonly place: string;
}

function findIn(value: unknown, place: string, redactor: Redactor): Leak | undefined {
  if (typeof value === 'string') return findInText(value, place, redactor);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    const name = redactor.find(key);
    if (name !== undefined) return { name, place: `a key in ${place === '' ? 'it' : place}` };
    const inside = Array.isArray(value)
      ? `${place}[${key}]`
      : place === ''
        ? key
        : `${place}.${key}`;
    const leak = findIn(one, inside, redactor);
    if (leak !== undefined) return leak;
  }
  return undefined;
}

function findInText(text: string, place: string, redactor: Redactor): Leak | undefined {
  const name = redactor.find(text);
  if (name !== undefined) return { name, place };
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return isUtf8(bytes) ? findIn(contentOf(bytes.toString()), place, redactor) : undefined;
}

/** What was enclosed: a document, or text. */
function contentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

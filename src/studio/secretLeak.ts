import { MeshSimError } from '../base/errors.ts';
import type { Redactor } from '../vault/redactor.ts';

/**
 * The last look before evidence is signed: everything in it was masked on its way here, so what is still found came by a
 * way nobody thought of.
 * @throws MeshSimError `secret-leak` naming the secret and the place, never the value
 */
export function assertNoSecret(statement: Uint8Array, redactor: Redactor): void {
  const leak = findIn(JSON.parse(Buffer.from(statement).toString()), '', redactor);
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
  if (typeof value === 'string') {
    const name = redactor.find(value);
    return name === undefined ? undefined : { name, place };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    const name = redactor.find(key);
    if (name !== undefined) return { name, place: `a key in ${place}` };
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

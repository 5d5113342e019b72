import { MeshSimError } from '../../base/errors.ts';
import { namedSecrets } from '../../model/namedSecrets.ts';
import type { RealRunOptions } from './options.ts';

/** @throws MeshSimError `secret-missing` for the first secret that a service or its build names and nobody gave. */
export function requireSecrets({ capsule, secrets }: RealRunOptions): void {
  const named = capsule.manifest.services.flatMap(namedSecrets);
  const missing = named.find(({ name }) => !secrets.has(name));
  if (missing === undefined) return;
  throw new MeshSimError(
    'secret-missing',
    `${missing.whose} needs the secret ${missing.name}, which this run was not given.`,
  );
}

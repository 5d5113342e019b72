import { MeshSimError } from '../../base/errors.ts';
import { namedSecrets } from '../../model/namedSecrets.ts';
import type { RealRunOptions } from './options.ts';
import { runnableServices } from './runnableServices.ts';

/** @throws MeshSimError `secret-missing` for the first secret that a service or its build names and nobody gave. */
export function requireSecrets(options: RealRunOptions): void {
  const { secrets } = options;
  const named = runnableServices(options).flatMap(namedSecrets);
  const missing = named.find(({ name }) => !secrets.has(name));
  if (missing === undefined) return;
  throw new MeshSimError(
    'secret-missing',
    `${missing.whose} needs the secret ${missing.name}, which this run was not given.`,
  );
}

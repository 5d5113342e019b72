import { MeshSimError } from '../../base/errors.ts';
import type { RealRunOptions } from './options.ts';

/** @throws MeshSimError `secret-missing` for the first secret that a service names and nobody gave. */
export function requireSecrets({ capsule, secrets }: RealRunOptions): void {
  for (const service of capsule.manifest.services) {
    const missing = service.secrets.find((name) => !secrets.has(name));
    if (missing === undefined) continue;
    throw new MeshSimError(
      'secret-missing',
      `Service "${service.name}" needs the secret ${missing}, which this run was not given.`,
    );
  }
}

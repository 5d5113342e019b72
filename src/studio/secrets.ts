import { MeshSimError } from '../base/errors.ts';
import type { Manifest } from '../model/capsule.ts';

const PREFIX = 'MESH_SIM_SECRET_';

/**
 * The values of all secrets the Capsule's services name, from `MESH_SIM_SECRET_<NAME>` variables.
 * They are held in memory and go only to the services that name them.
 * @throws MeshSimError `secret-missing` naming service and secret
 */
export function secretsFromEnvironment(
  manifest: Manifest,
  environment: NodeJS.ProcessEnv,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const service of manifest.services) {
    for (const name of service.secrets) {
      const value = environment[PREFIX + name];
      if (value === undefined) {
        throw new MeshSimError(
          'secret-missing',
          `Service "${service.name}" needs the secret ${name}: set ${PREFIX}${name} for this command.`,
        );
      }
      values.set(name, value);
    }
  }
  return values;
}

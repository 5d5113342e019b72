import { MeshSimError } from '../../base/errors.ts';
import { resolveEnv } from '../../capsule/placeholders.ts';
import type { CapsuleService } from '../../model/capsule.ts';

export interface EnvSources {
  readonly nodeId: string;
  readonly hostPath: string;
  /** Service → port name → port, on this node. */
  readonly servicePorts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The snapshot's env on this node, and the service's own secrets.
 * @throws MeshSimError `secret-missing` | `registry-invalid`
 */
export function serviceEnv(
  service: CapsuleService,
  { nodeId, hostPath, servicePorts, secrets }: EnvSources,
): Record<string, string> {
  const ports = servicePorts[service.name] ?? {};
  return {
    ...resolveEnv(service, { ports, servicePorts, nodeId, hostPath }),
    ...Object.fromEntries(service.secrets.map((name) => [name, secretOf(service, name, secrets)])),
  };
}

function secretOf({ name: service }: CapsuleService, name: string, secrets: EnvSources['secrets']) {
  const value = secrets[name];
  if (value !== undefined) return value;
  throw new MeshSimError(
    'secret-missing',
    `Service "${service}" needs the secret ${name}, which this run was not given.`,
  );
}

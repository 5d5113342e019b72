import { homedir } from 'node:os';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { resolveEnv, type MeshValues, type PlaceholderValues } from '../../capsule/placeholders.ts';
import type { CapsuleService } from '../../model/capsule.ts';

export interface EnvSources {
  readonly nodeId: string;
  readonly hostPath: string;
  /** See stateFolderIn. */
  readonly stateFolder: string;
  /** Service → port name → port, on this node. */
  readonly servicePorts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly mesh: MeshValues;
}

/** Of a node's folder: a folder of each service in there stays when the node is started again. */
export function stateFolderIn(nodeFolder: string): string {
  return path.join(nodeFolder, 'state');
}

/**
 * The snapshot's env on this node, and the service's own secrets.
 * @throws MeshSimError `secret-missing` | `registry-invalid`
 */
export function serviceEnv(service: CapsuleService, sources: EnvSources): Record<string, string> {
  const { secrets } = sources;
  return {
    ...resolveEnv(service, placeholderValues(service, sources)),
    ...Object.fromEntries(service.secrets.map((name) => [name, secretOf(service, name, secrets)])),
  };
}

/** What placeholders of this service stand for on this node. */
export function placeholderValues(
  { name }: Pick<CapsuleService, 'name'>,
  { nodeId, hostPath, servicePorts, stateFolder, mesh }: EnvSources,
): PlaceholderValues {
  return {
    ports: servicePorts[name] ?? {},
    servicePorts,
    nodeId,
    hostPath,
    hostHome: homedir(),
    stateFolder: path.join(stateFolder, name),
    mesh,
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

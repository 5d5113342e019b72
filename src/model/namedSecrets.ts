import type { CapsuleService } from './capsule.ts';
import { isProgram, type Service } from './registry.ts';

/** A secret that a service names. */
export interface NamedSecret {
  readonly name: string;
  /** Who is given it, as the beginning of a sentence. */
  readonly whose: string;
}

/** The secrets that a service and its build name. */
export function namedSecrets(service: CapsuleService): NamedSecret[] {
  return [
    ...service.secrets.map((name) => ({ name, whose: `Service "${service.name}"` })),
    ...buildSecretsOf(service).map((name) => ({
      name,
      whose: `The build of service "${service.name}"`,
    })),
  ];
}

/** Of a program of the machine: none. */
export function buildSecretsOf(service: Service | CapsuleService): readonly string[] {
  return isProgram(service) ? [] : (service.buildSecrets ?? []);
}

import type { CapsuleService, Manifest } from '../model/capsule.ts';
import { isProbed } from '../model/serviceMeasures.ts';

/**
 * The services other nodes are asked for, by index in the manifest: those that promise something only asking tells. Running a
 * command for each question would measure the start of a process, so services with such a check are not asked for.
 */
export function askedServices({ services }: Manifest): number[] {
  return services.flatMap((service, index) =>
    !('command' in service.health) && promisesAnswers(service) ? [index] : [],
  );
}

/** The others of them, by name: what the services of their own node see when they call them is all there is to measure. */
export function calledServices({ services }: Manifest): string[] {
  return services
    .filter((service) => 'command' in service.health && promisesAnswers(service))
    .map(({ name }) => name);
}

function promisesAnswers({ objectives }: CapsuleService): boolean {
  return objectives.some(({ metric }) => isProbed(metric));
}

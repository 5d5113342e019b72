import type { Manifest } from '../model/capsule.ts';
import { isProbed } from '../model/serviceMeasures.ts';

/**
 * The services other nodes are asked for, by index in the manifest: those that promise something only asking tells. Running a
 * command for each question would measure the start of a process, so services with such a check are not asked for.
 */
export function askedServices({ services }: Manifest): number[] {
  return services.flatMap(({ health, objectives }, index) =>
    !('command' in health) && objectives.some(({ metric }) => isProbed(metric)) ? [index] : [],
  );
}

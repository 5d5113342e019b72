import type { Check } from '../../model/check.ts';
import type { Command } from '../../model/registry.ts';
import { endWithin, howEnded } from './endWithin.ts';
import type { ServiceOptions } from './serviceStart.ts';

/** Tells its processes from those of the service, which run on when a check is ended. */
const CHECK = 'product-check';

/**
 * Runs a check of the product, and ends what it leaves. Resolves to how it ended if that was not with 0, the end of a sentence.
 * @throws MeshSimError `service-failed` when its program is not on this host
 */
export async function runCheck(
  { deadlineMs }: Pick<Check, 'deadlineMs'>,
  { options, command }: { readonly options: ServiceOptions; readonly command: Command },
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { service, processes } = options;
  const { exit, endedAtMs, pid } = await endWithin(deadlineMs, {
    ...{ ...options, command, check: CHECK },
    env: { ...options.env, ...env },
  });
  if (pid !== undefined) await processes.endCheck(service.name, CHECK, pid);
  if (exit.code === 0 && endedAtMs === undefined) return undefined;
  return howEnded(exit, endedAtMs, 'deadlineMs of the check');
}

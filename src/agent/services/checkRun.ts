import type { Check } from '../../model/check.ts';
import type { Command } from '../../model/registry.ts';
import { endWithin, howEnded } from './endWithin.ts';
import { ServiceProcess } from './serviceProcess.ts';
import type { ServiceOptions } from './serviceStart.ts';

/** Tell its processes from those of the service, which run on when a check is ended. */
const CHECK = 'product-check';
/** Stands for the service of the workload: stopping that service must not end it. */
const WORKLOAD = 'mesh-sim-workload';

interface OnNode {
  readonly options: ServiceOptions;
  readonly command: Command;
}

/**
 * Runs a check of the product, and ends what it leaves. Resolves to how it ended if that was not with 0, the end of a sentence.
 * @throws MeshSimError `service-failed` when its program is not on this host
 */
export async function runCheck(
  { deadlineMs }: Pick<Check, 'deadlineMs'>,
  { options, command }: OnNode,
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

/**
 * Runs what uses the product until it ends by itself: to how it ended, the end of a sentence, if not with 0.
 * @param stopped ends it
 * @throws MeshSimError `service-failed` when its program is not on this host
 */
export async function untilEnded(
  { options, command }: OnNode,
  stopped: AbortSignal,
): Promise<string | undefined> {
  const child = new ServiceProcess({ ...options, service: { name: WORKLOAD }, command });
  const { pid } = child;
  const end = () => {
    if (pid !== undefined) void options.processes.killService(WORKLOAD, pid);
  };
  stopped.addEventListener('abort', end);
  if (stopped.aborted) end();
  const exit = await child.exited;
  stopped.removeEventListener('abort', end);
  return exit.code === 0 ? undefined : howEnded(exit, undefined, '');
}

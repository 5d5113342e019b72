import { MeshSimError } from '../../base/errors.ts';
import type { Command } from '../../model/registry.ts';
import { endWithin, howEnded } from './endWithin.ts';
import type { ServiceOptions } from './serviceStart.ts';

/** Filled in for this node. */
export interface Migration {
  readonly run: Command;
  readonly deadlineMs: number;
}

/**
 * Brings the state of a service to its Capsule, while none of the node's services runs; what it left running is ended.
 * @param graceMs for what it left
 * @throws MeshSimError `service-failed` when it fails or is not done in time, with what it said last
 */
export async function migrateState(
  { run, deadlineMs }: Migration,
  options: ServiceOptions,
  graceMs: number,
): Promise<void> {
  const { service, nodeId, processes } = options;
  const ended = await endWithin(deadlineMs, { ...options, command: run });
  const { exit, endedAtMs, pid } = ended;
  if (exit.code === 0 && endedAtMs === undefined) {
    await processes.endService(service.name, pid, graceMs);
    return;
  }
  throw new MeshSimError(
    'service-failed',
    `The migration of service "${service.name}" on ${nodeId} ${howEnded(exit, endedAtMs, 'migrate.deadlineMs')}`,
    { cause: exit.cause },
  );
}

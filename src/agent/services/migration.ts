import { MeshSimError } from '../../base/errors.ts';
import type { Migration } from '../../model/registry.ts';
import type { OnceTurn } from '../turns.ts';
import { endWithin, howEnded } from './endWithin.ts';
import type { ServiceOptions } from './serviceStart.ts';

/** Whether this node is to migrate a service for all of the mesh; resolves when that is known. */
export type AskOnce = (service: string) => Promise<OnceTurn>;

/** For what it left running. */
const GRACE_MS = 1_500;

/**
 * Migrates the state of a service: on this node, or for all of the mesh where this node is the one that does.
 * @param migration filled in for this node
 * @throws MeshSimError `service-failed` when it fails, here or on the node that did it for all
 */
export async function migrate(
  migration: Migration,
  options: ServiceOptions,
  askOnce: AskOnce,
): Promise<void> {
  if (migration.once !== true) return migrateState(migration, options);
  const { service, nodeId } = options;
  const { answer, end } = await askOnce(service.name);
  if (answer === 'done') return;
  if (answer === 'failed') {
    throw new MeshSimError(
      'service-failed',
      `The migration of service "${service.name}", which is for all of the mesh, failed on another node than ${nodeId}.`,
    );
  }
  let isDone = false;
  try {
    await migrateState(migration, options);
    isDone = true;
  } finally {
    end(isDone);
  }
}

/**
 * Brings the state of a service to its Capsule, while none of the node's services runs; what it left running is ended.
 * @throws MeshSimError `service-failed` when it fails or is not done in time, with what it said last
 */
async function migrateState(
  { run, deadlineMs }: Migration,
  options: ServiceOptions,
): Promise<void> {
  const { service, nodeId, processes } = options;
  const ended = await endWithin(deadlineMs, { ...options, command: run });
  const { exit, endedAtMs, pid } = ended;
  if (exit.code === 0 && endedAtMs === undefined) {
    await processes.endService(service.name, pid, GRACE_MS);
    return;
  }
  throw new MeshSimError(
    'service-failed',
    `The migration of service "${service.name}" on ${nodeId} ${howEnded(exit, endedAtMs, 'migrate.deadlineMs')}`,
    { cause: exit.cause },
  );
}

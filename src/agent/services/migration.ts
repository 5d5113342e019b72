import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import { migrationOf, type Migration } from '../../model/registry.ts';
import type { OnceTurn } from '../turns.ts';
import { inDependencyOrder } from './dependencyOrder.ts';
import type { MigrationSigns } from './migrationSigns.ts';
import type { ServiceOptions } from './serviceStart.ts';
import { runStateCommand, type ServiceCommands } from './stateCommand.ts';

/** Whether this node is to migrate a service for all of the mesh; resolves when that is known. */
export type AskOnce = (service: string) => Promise<OnceTurn>;

export interface MigrationOptions {
  readonly askOnce: AskOnce;
  readonly migrationSigns: MigrationSigns;
  /** Below it each service has its state. */
  readonly stateFolder: string;
}

const WORDS = { what: 'The migration', field: 'migrate.deadlineMs' };

/**
 * Brings the state of services to their Capsule, of those first that others depend on.
 * @throws MeshSimError `service-failed` for the first migration that fails or does not end in time
 */
export async function migrateServices(
  services: readonly CapsuleService[],
  options: MigrationOptions,
  { onNode, reportingFailure }: ServiceCommands,
): Promise<void> {
  const migrateOne = async (service: CapsuleService) => {
    const migration = migrationOf(service);
    if (migration === undefined) return;
    const { command, options: around } = onNode(service.name, migration.run);
    const filled = { ...migration, run: command };
    await reportingFailure([service], () => migrate(filled, around, options));
  };
  await inDependencyOrder(services, migrateOne, () => Promise.resolve());
}

/**
 * Migrates the state of a service: on this node, or for all of the mesh where this node is the one that does.
 * @param migration filled in for this node
 * @throws MeshSimError `service-failed` when it fails, here or on the node that did it for all
 */
async function migrate(
  migration: Migration,
  options: ServiceOptions,
  { askOnce, migrationSigns, stateFolder }: MigrationOptions,
): Promise<void> {
  const folder = path.join(stateFolder, options.service.name);
  const migrateState = () =>
    migrationSigns.during(folder, (onSpawned) =>
      runStateCommand(migration, options, { ...WORDS, onSpawned }),
    );
  if (migration.once !== true) return migrateState();
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
    await migrateState();
    isDone = true;
  } finally {
    end(isDone);
  }
}

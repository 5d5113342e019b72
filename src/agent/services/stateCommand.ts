import { MeshSimError } from '../../base/errors.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import { seedOf, type Command, type StateCommand } from '../../model/registry.ts';
import { inDependencyOrder } from './dependencyOrder.ts';
import { endWithin, howEnded } from './endWithin.ts';
import type { ServiceOptions } from './serviceStart.ts';

/** Commands that act on the state of services while none of them runs. */

/** What a supervisor does for them. */
export interface ServiceCommands {
  /** A command of a service as it is on this node. */
  readonly onNode: (
    name: string,
    command: Command,
  ) => { command: Command; options: ServiceOptions };
  /** Says of which services an action is, when it fails. */
  readonly reportingFailure: (
    services: readonly CapsuleService[],
    action: () => Promise<void>,
  ) => Promise<void>;
}

export interface CommandWords {
  /** What it is, as a sentence about it begins: "The migration". */
  readonly what: string;
  /** Of the registry: what says how long it may take. */
  readonly field: string;
  /** Called when it has a process. */
  readonly onSpawned?: () => void;
}

/** For what it left running. */
const GRACE_MS = 1_500;

/**
 * Runs it to its end; what it left running is ended.
 * @param command filled in for this node
 * @throws MeshSimError `service-failed` when it fails or is not done in time, with what it said last
 */
export async function runStateCommand(
  { run, deadlineMs }: StateCommand,
  options: ServiceOptions,
  { what, field, onSpawned }: CommandWords,
): Promise<void> {
  const { service, nodeId, processes } = options;
  const ended = await endWithin(deadlineMs, { ...options, command: run }, onSpawned);
  const { exit, endedAtMs, pid } = ended;
  if (exit.code === 0 && endedAtMs === undefined) {
    await processes.endService(service.name, pid, GRACE_MS);
    return;
  }
  throw new MeshSimError(
    'service-failed',
    `${what} of service "${service.name}" on ${nodeId} ${howEnded(exit, endedAtMs, field)}`,
    { cause: exit.cause },
  );
}

/**
 * Fills the state of services, of those first that others depend on.
 * @throws MeshSimError `service-failed` for the first that fails or is not done in time
 */
export async function seedServices(
  services: readonly CapsuleService[],
  { onNode, reportingFailure }: ServiceCommands,
): Promise<void> {
  const words = { what: 'The "seedState"', field: 'seedState.deadlineMs' };
  const seed = async (service: CapsuleService) => {
    const of = seedOf(service);
    if (of === undefined) return;
    const { command: run, options } = onNode(service.name, of.run);
    await reportingFailure([service], () => runStateCommand({ ...of, run }, options, words));
  };
  await inDependencyOrder(services, seed, () => Promise.resolve());
}

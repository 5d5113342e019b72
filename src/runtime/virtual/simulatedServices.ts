import { drawUnit } from '../../base/random.ts';
import { FACT } from '../../mesh/io.ts';
import type { VirtualNode } from './virtualNode.ts';
import type { VirtualWorld } from './world.ts';

/** A small Node.js server on a laptop: it listens after 60 to 180 ms and answers its first probe 20 to 80 ms later. */
const LISTENS_MS = [60, 180] as const;
const ANSWERS_MS = [20, 80] as const;

/** It takes SIGTERM at once; a migration of a small state. */
const STOPS_MS = [5, 40] as const;
const MIGRATES_MS = [0, 60] as const;

/** Keep these draws apart from those of links. */
const SERVICE_DRAWS = 0x5e41;
const MOVE_DRAWS = 0x307e;

function between([low, high]: readonly [number, number], u: number): number {
  return low + u * (high - low);
}

export type ServiceListener = (
  node: VirtualNode,
  service: string,
  status: 'starting' | 'healthy' | 'stopped',
) => void;

/**
 * Starts the services of a node one after the other, in virtual time, and tells its protocol. Seeded: a node's services
 * take the same time in every run of the plan.
 */
export function simulateServices(
  world: VirtualWorld,
  node: VirtualNode,
  services: readonly string[],
  seed: number,
  listener: ServiceListener | null,
): void {
  const { incarnation } = node;
  const stillRuns = stillIn(node);
  let at = world.nowMs;
  services.forEach((service, index) => {
    const draw = (which: number) =>
      drawUnit(seed ^ SERVICE_DRAWS, node.index, incarnation, index * 2 + which);
    const isLast = index === services.length - 1;
    world.schedule(at, () => {
      if (stillRuns()) listener?.(node, service, 'starting');
    });
    at += between(LISTENS_MS, draw(0)) * node.slowness;
    if (isLast) tell(world, node, stillRuns, at, FACT.servicesStarted);
    at += between(ANSWERS_MS, draw(1)) * node.slowness;
    world.schedule(at, () => {
      if (stillRuns()) listener?.(node, service, 'healthy');
    });
  });
  if (services.length === 0) tell(world, node, stillRuns, at, FACT.servicesStarted);
  tell(world, node, stillRuns, at, FACT.servicesHealthy);
}

/** Stops the services of a node, the last to start first, and tells its protocol. */
export function simulateStop(
  world: VirtualWorld,
  node: VirtualNode,
  services: readonly string[],
  seed: number,
  listener: ServiceListener | null,
): void {
  const stillRuns = stillIn(node);
  let at = world.nowMs;
  [...services].reverse().forEach((service, index) => {
    at += between(STOPS_MS, drawOfMove(node, seed, index)) * node.slowness;
    world.schedule(at, () => {
      if (stillRuns()) listener?.(node, service, 'stopped');
    });
  });
  tell(world, node, stillRuns, at, FACT.servicesStopped);
}

/** The state of the services is brought to another Capsule. */
export function simulateMigration(world: VirtualWorld, node: VirtualNode, seed: number): void {
  const ms = between(MIGRATES_MS, drawOfMove(node, seed, -1)) * node.slowness;
  tell(world, node, stillIn(node), world.nowMs + ms, FACT.migrated);
}

/** Services that run are asked for their health. */
export function simulateAnswer(world: VirtualWorld, node: VirtualNode, seed: number): void {
  const ms = between(ANSWERS_MS, drawOfMove(node, seed, -2)) * node.slowness;
  tell(world, node, stillIn(node), world.nowMs + ms, FACT.servicesHealthy);
}

function drawOfMove(node: VirtualNode, seed: number, which: number): number {
  return drawUnit(seed ^ MOVE_DRAWS, node.index, node.moves, which);
}

/** Whether it is up, and was not killed since. */
function stillIn(node: VirtualNode): () => boolean {
  const { incarnation } = node;
  return () => node.isUp && node.incarnation === incarnation;
}

type ServiceFact =
  | typeof FACT.servicesStarted
  | typeof FACT.servicesHealthy
  | typeof FACT.servicesStopped
  | typeof FACT.migrated;

function tell(
  world: VirtualWorld,
  node: VirtualNode,
  stillRuns: () => boolean,
  at: number,
  fact: ServiceFact,
): void {
  world.schedule(at, () => {
    if (stillRuns()) node.protocol?.onFact(fact);
  });
}

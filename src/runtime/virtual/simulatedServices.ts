import { drawUnit } from '../../base/random.ts';
import { FACT } from '../../mesh/io.ts';
import type { VirtualNode } from './virtualNode.ts';
import type { VirtualWorld } from './world.ts';

/** A small Node.js server on a laptop: it listens after 60 to 180 ms and answers its first probe 20 to 80 ms later. */
const LISTENS_MS = [60, 180] as const;
const ANSWERS_MS = [20, 80] as const;

/** Keeps these draws apart from those of links. */
const SERVICE_DRAWS = 0x5e41;

function between([low, high]: readonly [number, number], u: number): number {
  return low + u * (high - low);
}

export type ServiceListener = (
  node: VirtualNode,
  service: string,
  status: 'starting' | 'healthy',
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
  const incarnation = node.incarnation;
  const stillRuns = () => node.isUp && node.incarnation === incarnation;
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

function tell(
  world: VirtualWorld,
  node: VirtualNode,
  stillRuns: () => boolean,
  at: number,
  fact: typeof FACT.servicesStarted | typeof FACT.servicesHealthy,
): void {
  world.schedule(at, () => {
    if (stillRuns()) node.protocol?.onFact(fact);
  });
}

import type { Capsule, CapsuleService } from '../../model/capsule.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { RealRunOptions } from './options.ts';

type Capsules = Pick<RealRunOptions, 'capsule' | 'before' | 'drifted'>;

/** The Capsule a node is to run: the signed one, or what it is offered in its place. */
export function capsuleOf({ capsule, drifted }: Capsules, index: number): Capsule {
  return drifted.get(nodeIdOf(index)) ?? capsule;
}

/** All services that a node may run in a run: of an upgrade, those of the Capsule that runs before as well. Names may come twice. */
export function servicesOf(options: Capsules, index: number): CapsuleService[] {
  const { before } = options;
  return [
    ...capsuleOf(options, index).manifest.services,
    ...(before?.capsule.manifest.services ?? []),
  ];
}

/** The same of any node. */
export function runnableServices(options: Capsules): CapsuleService[] {
  const { capsule, before } = options;
  return [...capsule.manifest.services, ...(before?.capsule.manifest.services ?? [])];
}

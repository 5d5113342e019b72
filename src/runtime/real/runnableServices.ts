import type { Capsule, CapsuleService } from '../../model/capsule.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { RunManifests } from '../askedServices.ts';
import type { RealRunOptions } from './options.ts';

type Capsules = Pick<RealRunOptions, 'capsule' | 'before' | 'drifted'>;

/** The Capsule a node is to run: the signed one, or what it is offered in its place. */
export function capsuleOf({ capsule, drifted }: Capsules, index: number): Capsule {
  return drifted.get(nodeIdOf(index)) ?? capsule;
}

/** The one that a node runs which runs this version; of no upgrade there is one alone. */
export function capsuleOfVersion(
  { capsule, before }: Pick<Capsules, 'capsule' | 'before'>,
  version: CapsuleVersion | undefined,
): Capsule {
  return version === 'old' ? (before?.capsule ?? capsule) : capsule;
}

/** Whose checks and workload are run. */
export function checkingVersion({ plan }: Pick<RealRunOptions, 'plan'>): CapsuleVersion {
  return plan.upgrade?.checksFrom ?? 'new';
}

/** All that nodes may run. */
export function runnableCapsules({ capsule, before, drifted }: Capsules): Capsule[] {
  return [capsule, ...drifted.values(), ...(before === undefined ? [] : [before.capsule])];
}

/** Of the signed Capsules. */
export function manifestsOf({
  capsule,
  before,
}: Pick<Capsules, 'capsule' | 'before'>): RunManifests {
  return { manifest: capsule.manifest, before: before?.capsule.manifest };
}

/**
 * All services that a node may run: of an upgrade, those of the Capsule that runs before as well. Names may come twice.
 * @param index of the node; left out: of those that are offered the signed Capsule
 */
export function runnableServices(options: Capsules, index?: number): CapsuleService[] {
  const { capsule, before } = options;
  const { manifest } = index === undefined ? capsule : capsuleOf(options, index);
  return [...manifest.services, ...(before?.capsule.manifest.services ?? [])];
}

import { sealRun } from '../../src/evidence/seal.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import { eventsOf, rehearse, type RealRun } from './realRun.ts';
import { CAPSULE_KEY } from './sealedRun.ts';

export function observed(observation: RunObservation, name: string) {
  return observation.invariants.find((one) => one.name === name);
}

export function wavesOf({ upgrade }: RunObservation) {
  return upgrade?.waves.map(({ to, nodes, outcome }) => `${to} ${nodes.join(' ')} ${outcome}`);
}

/** What the services of a node said of all their starts, last. */
export function startsOn({ events }: RealRun, nodeId: string): string | undefined {
  return eventsOf(events, 'log')
    .filter((event) => event.nodeId === nodeId && event.text.startsWith('starts: '))
    .at(-1)
    ?.text.slice('starts: '.length);
}

/** As it was, and sealed: nothing its record says contradicts itself or its plan. */
export async function upgrade(...of: Parameters<typeof rehearse>): Promise<RealRun> {
  const ran = await rehearse(...of);
  const { observation, options } = ran;
  const { capsuleHash } = options.capsule;
  const { packEnvelope, before } = options;
  sealRun({ observation, capsuleHash, packEnvelope, key: CAPSULE_KEY, ...(before && { before }) });
  return ran;
}

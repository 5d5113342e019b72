import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import type { JsonEdit } from '../jsonEdit.ts';
import { at, drop, one, type FalseStatement } from './edit.ts';
import { wave } from './upgrade.ts';

const of = (name: string, says: RegExp, ...edits: JsonEdit[]) => {
  return one('a blue-green upgrade', name, says, ...edits);
};
const ofFirstWave = (root: unknown) =>
  (root as EvidenceStatement).predicate.meshsim_evidence as unknown as {
    upgrade: { waves: { startMs: number; endMs: number; switchedMs: number }[] };
  };
/** The names switch at a time of the first wave, from 0, its begin, to 1, its end. */
const switchedAt = (share: number): JsonEdit => {
  return (root) => {
    const wave = ofFirstWave(root).upgrade.waves[0]!;
    wave.switchedMs = wave.startMs + share * (wave.endMs - wave.startMs);
  };
};
/** Of n1, two phases in each other's place. */
const swapped = (first: number, second: number): JsonEdit => {
  return (root) => {
    const { phases } = (root as EvidenceStatement).predicate.meshsim_evidence.result
      .nodeReports[1]!;
    const names = [phases[first]!.name, phases[second]!.name];
    Object.assign(phases[first]!, { name: names[1] });
    Object.assign(phases[second]!, { name: names[0] });
  };
};

/** Waves of all nodes, whose names switch at once. */
export const BLUE_GREEN: readonly FalseStatement[] = [
  of(
    'names that switched before what had come was healthy',
    /before what had come to n\d was healthy/,
    switchedAt(0.01),
  ),
  of(
    'names that switched after what had served was stopped',
    /before the names had switched/,
    switchedAt(0.99),
  ),
  of('names that switched before their wave', /before wave 1 began/, switchedAt(-0.5)),
  of('names that switched after their wave', /or after it ended/, switchedAt(1.5)),
  of(
    'a wave that ended well, and whose names never switched',
    /does not say when the names switched/,
    wave(0, 'switchedMs', undefined),
  ),
  of('a node that stopped what it ran first', /not in the order/, swapped(5, 8)),
  of(
    'a node whose services never stopped what had served',
    /not in the order|did not stop what it ran/,
    (root) => drop(root, at(1, 8).replace(/\.8$/, ''), 8, 1),
  ),
  of('a node that was never asked again', /not in the order/, (root) =>
    drop(root, at(1, 9).replace(/\.9$/, ''), 9, 1),
  ),
];

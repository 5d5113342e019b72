import { scheduleOf, type ChaosOf } from './chaosPresets.ts';
import { kindOf, type FaultKind } from './faultKinds.ts';

/** What faults take of the machine that runs nodes, and not every machine has. */
export const FAULT_NEEDS = ['signals', 'network', 'wire', 'disk'] as const;
export type FaultNeed = (typeof FAULT_NEEDS)[number];

/** What a machine lacks, each with the reason, one clause. */
export type MachineLacks = Readonly<Partial<Record<FaultNeed, string>>>;

const NEED_OF: Readonly<Record<FaultKind, FaultNeed | undefined>> = {
  kill: undefined,
  partition: undefined,
  degradeLink: undefined,
  slow: undefined,
  corruptChunks: undefined,
  byzantine: undefined,
  pause: 'signals',
  killService: undefined,
  refuse: 'wire',
  dns: 'network',
  fillDisk: 'disk',
};

const WITHOUT: Readonly<Record<FaultNeed, string>> = {
  signals: 'no process can be stopped here',
  network: 'nodes get no network of their own here',
  wire: 'services of different nodes are not connected here',
  disk: 'nodes get no disk of their own here',
};

/** What the faults of a plan take of the machine. */
export function needsOf(chaos: ChaosOf, nodes: number): FaultNeed[] {
  const needs = scheduleOf(chaos, nodes).map(({ do: effect }) => NEED_OF[kindOf(effect)]);
  return FAULT_NEEDS.filter((need) => needs.includes(need));
}

/** For each fault of a plan that such a machine cannot apply, what a person who is about to run it is told. */
export function faultsBeyond(lacks: MachineLacks, chaos: ChaosOf, nodes: number): string[] {
  return scheduleOf(chaos, nodes).flatMap(({ do: effect }, index) => {
    const kind = kindOf(effect);
    const need = NEED_OF[kind];
    const why = need && lacks[need];
    return need === undefined || why === undefined
      ? []
      : `Fault ${index} (${kind}) cannot be applied, since ${WITHOUT[need]}: ${why}. It does not count as chaos.`;
  });
}

import { byKind, kindOf, type ByKind, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import { nodesOf } from '../model/faultNodes.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import type { LinkChange } from '../model/linkSpec.ts';
import { nodeIndexOf } from '../model/nodeIds.ts';

/** What a world has to do now. `fault` is the index in the schedule. Nodes are indices. */
export type ChaosAction =
  | { readonly fault: number; readonly kind: 'kill'; readonly node: number }
  | { readonly fault: number; readonly kind: 'restart'; readonly node: number }
  | {
      readonly fault: number;
      readonly kind: 'partition';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly fault: number; readonly kind: 'heal' }
  | {
      readonly fault: number;
      readonly kind: 'degrade';
      readonly from: number;
      readonly to: number;
      readonly change: LinkChange;
    }
  | {
      readonly fault: number;
      readonly kind: 'slow';
      readonly node: number;
      readonly factor: number;
    }
  | {
      readonly fault: number;
      readonly kind: 'corrupt';
      readonly node: number;
      readonly count: number;
    }
  | { readonly fault: number; readonly kind: 'byzantine'; readonly node: number }
  | {
      readonly fault: number;
      readonly kind: 'refuse';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly oneWay: boolean;
    }
  | { readonly fault: number; readonly kind: 'end-refusal' }
  | {
      readonly fault: number;
      readonly kind: 'fill-disk';
      readonly node: number;
      readonly leaveBytes: number;
    }
  | { readonly fault: number; readonly kind: 'free-disk'; readonly node: number }
  /** The agents of these nodes do it, or end it: what, is in the schedule. */
  | {
      readonly fault: number;
      readonly kind: 'disturb';
      readonly nodes: readonly number[];
    }
  | {
      readonly fault: number;
      readonly kind: 'end-disturbance';
      readonly nodes: readonly number[];
    };

export type ActionOf<Kind> = Extract<ChaosAction, { kind: Kind }>;

/** What each kind of fault begins with. */
const BEGINNINGS: ByKind<ChaosAction, [fault: number]> = {
  kill: ({ kill }, fault) => ({ fault, kind: 'kill', node: nodeIndexOf(kill) }),
  partition: ({ partition: { from, to, oneWay } }, fault) => {
    const sides = { from: from.map(nodeIndexOf), to: to.map(nodeIndexOf) };
    return { fault, kind: 'partition', ...sides, oneWay };
  },
  degradeLink: ({ degradeLink: { from, to, ...change } }, fault) => {
    const ends = { from: nodeIndexOf(from), to: nodeIndexOf(to) };
    return { fault, kind: 'degrade', ...ends, change };
  },
  slow: ({ slow, factor }, fault) => ({ fault, kind: 'slow', node: nodeIndexOf(slow), factor }),
  corruptChunks: ({ corruptChunks: { to, count } }, fault) => {
    return { fault, kind: 'corrupt', node: nodeIndexOf(to), count };
  },
  byzantine: ({ byzantine }, fault) => {
    return { fault, kind: 'byzantine', node: nodeIndexOf(byzantine) };
  },
  pause: disturb,
  killService: disturb,
  refuse: ({ refuse: { from, to, oneWay } }, fault) => {
    const sides = { from: from.map(nodeIndexOf), to: to.map(nodeIndexOf) };
    return { fault, kind: 'refuse', ...sides, oneWay };
  },
  dns: disturb,
  fillDisk: ({ fillDisk, leaveBytes }, fault) => {
    return { fault, kind: 'fill-disk', node: nodeIndexOf(fillDisk), leaveBytes };
  },
};

/** What ends it, for kinds that last. */
const ENDS: { readonly [K in FaultKind]?: (effect: EffectOf<K>, fault: number) => ChaosAction } = {
  kill: ({ kill }, fault) => ({ fault, kind: 'restart', node: nodeIndexOf(kill) }),
  partition: (_effect, fault) => ({ fault, kind: 'heal' }),
  pause: endDisturbance,
  refuse: (_effect, fault) => ({ fault, kind: 'end-refusal' }),
  dns: endDisturbance,
  fillDisk: ({ fillDisk }, fault) => ({ fault, kind: 'free-disk', node: nodeIndexOf(fillDisk) }),
};

function disturb(effect: FaultEffect, fault: number): ChaosAction {
  return { fault, kind: 'disturb', nodes: nodesOf(effect).map(nodeIndexOf) };
}

function endDisturbance(effect: FaultEffect, fault: number): ChaosAction {
  return { fault, kind: 'end-disturbance', nodes: nodesOf(effect).map(nodeIndexOf) };
}

/** What a world does when the fault with this index in the schedule fires. */
export function beginningOf(fault: number, effect: FaultEffect): ChaosAction {
  return byKind(BEGINNINGS, effect, fault);
}

/** What it does when that is over: for faults that are ended at all. */
export function endOf(fault: number, effect: FaultEffect): ChaosAction {
  const kind = kindOf(effect);
  const end = ENDS[kind] as ((of: FaultEffect, index: number) => ChaosAction) | undefined;
  if (end === undefined) throw new TypeError(`a ${kind} has no end`);
  return end(effect, fault);
}

import type { Fault, Phase, Trigger } from '../../src/model/plan.ts';
import { listAt, nodeAt, numberAt, objectAt, oneKindAt, oneOf, PartError } from './jsonParts.ts';
import { parseEffect } from './parseEffect.ts';

const MAX_FAULTS = 64;
const MS = { min: 0, max: 600_000, isWhole: true };
const SHARE = { min: 0, max: 1 };
const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy'] as const satisfies Phase[];

/**
 * A chaos schedule, as chaosSchema of model/plan.ts and the rules of mesh/chaosSchedule.ts have it.
 * @throws PartError that names the first part of it that is wrong
 */
export function parseFaults(value: unknown, nodes: number): Fault[] {
  return listAt(value, 'chaos.faults', { min: 0, max: MAX_FAULTS }).map((fault, index) => {
    const path = `chaos.faults[${index}]`;
    const given = objectAt(fault, path, ['when', 'do']);
    return {
      when: parseTrigger(given.when, `${path}.when`, nodes, index),
      do: parseEffect(given.do, `${path}.do`, nodes),
    };
  });
}

function parseTrigger(value: unknown, path: string, nodes: number, index: number): Trigger {
  const { named, given } = oneKindAt(value, path, {
    node: ['phase', 'progress'],
    atMs: [],
    afterFault: ['delayMs'],
  });
  if (named === 'atMs') return { atMs: numberAt(given.atMs, `${path}.atMs`, MS) };
  if (named === 'node') {
    const { progress = 0 } = given;
    return {
      node: nodeAt(given.node, `${path}.node`, nodes),
      phase: oneOf(PHASES, given.phase, `${path}.phase`),
      progress: numberAt(progress, `${path}.progress`, SHARE),
    };
  }
  const where = `${path}.afterFault`;
  if (index === 0) throw new PartError(where, `${where}: no fault comes before the first one.`);
  return {
    afterFault: numberAt(given.afterFault, where, { min: 0, max: index - 1, isWhole: true }),
    delayMs: numberAt(given.delayMs, `${path}.delayMs`, MS),
  };
}

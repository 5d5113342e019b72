import type { Fault, Phase, Trigger } from '../../src/model/plan.ts';
import {
  MIGRATION_SIGNS,
  startsBeside,
  UPGRADE_MOMENTS,
  WAVE_SIGNS,
} from '../../src/model/upgradeChoices.ts';
import { listAt, nodeAt, numberAt, objectAt, oneKindAt, oneOf, PartError } from './jsonParts.ts';
import { parseEffect } from './parseEffect.ts';

const MAX_FAULTS = 64;
const MS = { min: 0, max: 600_000, isWhole: true };
const WAVE = { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true };
const SHARE = { min: 0, max: 1 };
const PHASES = ['boot', 'verify', 'receive', 'start', 'healthy'] as const satisfies Phase[];

const OF_UPGRADES = { wave: 'a wave', upgrade: 'a moment', migrates: 'a migration' } as const;

type Upgraded = Parameters<typeof startsBeside>[0];

/** What a schedule is for. */
export interface FaultyMesh {
  readonly nodes: number;
  /** Only then there are waves, moments of an upgrade and migrations that faults may wait for. */
  readonly upgrade: Upgraded;
}

/**
 * A chaos schedule, as chaosSchema of model/plan.ts and the rules of mesh/chaosSchedule.ts have it.
 * @throws PartError that names the first part of it that is wrong
 */
export function parseFaults(value: unknown, mesh: FaultyMesh): Fault[] {
  return listAt(value, 'chaos.faults', { min: 0, max: MAX_FAULTS }).map((fault, index) => {
    const path = `chaos.faults[${index}]`;
    const given = objectAt(fault, path, ['when', 'do']);
    return {
      when: parseTrigger(given.when, `${path}.when`, mesh, index),
      do: parseEffect(given.do, `${path}.do`, mesh.nodes),
    };
  });
}

function parseTrigger(value: unknown, path: string, mesh: FaultyMesh, index: number): Trigger {
  const { named, given } = oneKindAt(value, path, {
    node: ['phase', 'progress'],
    atMs: [],
    afterFault: ['delayMs'],
    wave: ['since'],
    upgrade: [],
    migrates: ['since', 'delayMs'],
  });
  if (named === 'wave' || named === 'upgrade' || named === 'migrates') {
    const where = `${path}.${named}`;
    if (mesh.upgrade === undefined) {
      const sentence = `${where} waits for ${OF_UPGRADES[named]} of an upgrade, but there is none: choose what it starts from, or another trigger.`;
      throw new PartError(where, sentence);
    }
    if (named === 'wave') return waveTrigger(given, path, mesh);
    if (named === 'upgrade') return { upgrade: oneOf(UPGRADE_MOMENTS, given.upgrade, where) };
    const { since = 'begun', delayMs = 0 } = given;
    return {
      migrates: nodeAt(given.migrates, where, mesh.nodes),
      since: oneOf(MIGRATION_SIGNS, since, `${path}.since`),
      delayMs: numberAt(delayMs, `${path}.delayMs`, MS),
    };
  }
  if (named === 'atMs') return { atMs: numberAt(given.atMs, `${path}.atMs`, MS) };
  if (named === 'node') {
    const { progress = 0 } = given;
    return {
      node: nodeAt(given.node, `${path}.node`, mesh.nodes),
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

function waveTrigger(
  given: Record<string, unknown>,
  path: string,
  { upgrade }: FaultyMesh,
): Trigger {
  const wave = numberAt(given.wave, `${path}.wave`, WAVE);
  if (given.since === undefined) return { wave };
  const where = `${path}.since`;
  const since = oneOf(WAVE_SIGNS, given.since, where);
  if (!startsBeside(upgrade)) {
    throw new PartError(
      where,
      `${where}: names switch at once with "blue-green" alone: leave it out, or take that strategy.`,
    );
  }
  return { wave, since };
}

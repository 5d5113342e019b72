import { drawUint32 } from '../../base/random.ts';
import type { UpgradePlan, UpgradeStrategy } from '../../model/upgradePlan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';

/** Node indices that are moved together. */
export type Wave = readonly number[];

/** One way through the mesh, there or back. */
export interface Leg {
  readonly to: CapsuleVersion;
  readonly waves: readonly Wave[];
}

/** Keep these draws apart from those of links and services. */
const ORDER_DRAWS = 0x0a7e;
const ROLLBACK_DRAWS = 0xbac4;

type Order = Pick<UpgradePlan, 'order' | 'strategy'>;

/** All nodes in the order in which a leg takes them. Seeded: Fisher and Yates' shuffle, draw k of leg l keyed by (seed, l, k). */
function orderOf({ order }: Order, nodes: number, seed: number, leg: number): number[] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  if (order === 'listed') return all;
  if (order === 'n0-last') return [...all.slice(1), 0];
  for (let last = nodes - 1; last > 0; last--) {
    const drawn = drawUint32(seed ^ ORDER_DRAWS, leg, last) % (last + 1);
    const node = all[last] ?? last;
    all[last] = all[drawn] ?? drawn;
    all[drawn] = node;
  }
  return all;
}

function cut(order: readonly number[], size: number): Wave[] {
  const waves: Wave[] = [];
  for (let at = 0; at < order.length; at += size) waves.push(order.slice(at, at + size));
  return waves;
}

function wavesOf(order: readonly number[], strategy: UpgradeStrategy): Wave[] {
  if (strategy.kind === 'rolling') return cut(order, strategy.batch);
  const first = strategy.kind === 'canary' ? strategy.nodes : order.length;
  return [order.slice(0, first), order.slice(first)].filter((wave) => wave.length > 0);
}

/** The way back of the nodes that `moved`. */
export function legBack(
  upgrade: Order,
  moved: ReadonlySet<number>,
  { nodes, seed }: { readonly nodes: number; readonly seed: number },
): Leg {
  const order = orderOf(upgrade, nodes, seed, 1).filter((node) => moved.has(node));
  return { to: 'old', waves: wavesOf(order, upgrade.strategy) };
}

/** After how many waves all go back; 0: never, unless one fails. */
function turningPoint({ rollback }: UpgradePlan, waves: number, seed: number): number {
  switch (rollback) {
    case 'never':
    case 'on-failure':
      return 0;
    case 'after-half':
      return Math.ceil(waves / 2);
    case 'after-all':
      return waves;
    case 'seeded':
      return drawUint32(seed ^ ROLLBACK_DRAWS, waves) % (waves + 1);
  }
}

/**
 * The legs of an upgrade in which no wave fails: one there, or some way there, back, and there. Every leg has its own order;
 * a way back takes those that were moved, and the last leg all nodes. It follows from the arguments alone.
 */
export function plannedLegs(upgrade: UpgradePlan, nodes: number, seed: number): readonly Leg[] {
  const forward = (leg: number) => wavesOf(orderOf(upgrade, nodes, seed, leg), upgrade.strategy);
  const there = forward(0);
  const turn = turningPoint(upgrade, there.length, seed);
  if (turn === 0) return [{ to: 'new', waves: there }];
  const taken = there.slice(0, turn);
  return [
    { to: 'new', waves: taken },
    legBack(upgrade, new Set(taken.flat()), { nodes, seed }),
    { to: 'new', waves: forward(2) },
  ];
}

/** Of a way back that is planned, one sentence. */
export function whyBack(legs: readonly Leg[], { rollback }: Pick<UpgradePlan, 'rollback'>): string {
  const taken = legs[0]?.waves.length ?? 0;
  const all = legs[2]?.waves.length ?? 0;
  const drawn = rollback === 'seeded' ? ', as its seed draws' : '';
  return `The plan goes back after ${taken} of ${all} waves${drawn}.`;
}

/** A wave that is to begin: where it is in the legs, and which nodes it moves. */
export interface NextWave {
  readonly leg: number;
  readonly at: number;
  readonly to: CapsuleVersion;
  readonly nodes: Wave;
}

/**
 * The first wave after a place in the legs that has nodes to move.
 * @param after `at`: -1 is before the first of that leg
 */
export function waveAfter(
  legs: readonly Leg[],
  after: Pick<NextWave, 'leg' | 'at'>,
  isToMove: (node: number, to: CapsuleVersion) => boolean,
): NextWave | undefined {
  for (let { leg } = after, at = after.at + 1; leg < legs.length; leg++, at = 0) {
    const { to, waves } = legs[leg] ?? { to: 'new', waves: [] };
    for (; at < waves.length; at++) {
      const nodes = (waves[at] ?? []).filter((node) => isToMove(node, to));
      if (nodes.length > 0) return { leg, at, to, nodes };
    }
  }
  return undefined;
}

/** After each wave but the last of a leg. */
export function pauseMsOf({ strategy }: Pick<UpgradePlan, 'strategy'>): number {
  if (strategy.kind === 'rolling') return strategy.pauseMs;
  return strategy.kind === 'canary' ? strategy.bakeMs : 0;
}

import { drawUint32 } from '../../src/base/random.ts';
import { plannedLegs } from '../../src/mesh/upgrade/waves.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import type { Fault, Plan } from '../../src/model/plan.ts';
import { MIGRATION_SIGNS, ROLLBACKS, UPGRADE_ORDERS } from '../../src/model/upgradeChoices.ts';
import { upgradePlanSchema, type UpgradePlan } from '../../src/model/upgradePlan.ts';
import {
  runVirtual,
  type VirtualRun,
  type VirtualRunOptions,
} from '../../src/runtime/virtual/run.ts';
import { virtualOptions, virtualPlan } from './virtualPlans.ts';

export const OLD_HASH = '4'.repeat(64);

/** Small ones: what an upgrade of three chunks shows, one of twenty does not show better. */
const CHUNKS = [40_000, 30_000, 20_000];

const STRATEGIES: readonly UpgradePlan['strategy'][] = [
  { kind: 'rolling', batch: 1, pauseMs: 100 },
  { kind: 'rolling', batch: 2, pauseMs: 0 },
  { kind: 'canary', nodes: 1, bakeMs: 300 },
  { kind: 'blue-green' },
  { kind: 'all-at-once' },
];

export function runUpgrade(
  plan: Plan,
  changes: Partial<VirtualRunOptions> = {},
): Promise<VirtualRun> {
  return runVirtual(virtualOptions(plan, { chunkSizes: CHUNKS, ...changes }));
}

/** From `low` to `high`, both included: the draws of one seed. */
type Whole = (low: number, high: number) => number;

function drawsOf(seed: number): Whole {
  let count = 0;
  return (low, high) => low + (drawUint32(seed, 0x09ade, count++) % (high - low + 1));
}

function pick<T>(all: readonly T[], whole: Whole): T {
  return all[whole(0, all.length - 1)]!;
}

/** ms by which most of a plan's upgrade has happened. */
const SPAN_MS = 6000;

function triggerOf(whole: Whole, nodes: number, waves: number): Fault['when'] {
  const kind = whole(0, 5);
  if (kind === 2) {
    const since = pick(MIGRATION_SIGNS, whole);
    return { migrates: nodeIdOf(whole(0, nodes - 1)), since, delayMs: 0 };
  }
  if (kind === 0) return { wave: whole(1, waves) };
  if (kind === 1) return { upgrade: whole(0, 1) === 0 ? 'mixed' : 'done' };
  return { atMs: whole(0, SPAN_MS) };
}

/** What any upgrade must survive: who is killed comes back, and what is cut heals. */
function faultOf(whole: Whole, nodes: number, waves: number): Fault {
  const when = triggerOf(whole, nodes, waves);
  const node = nodeIdOf(whole(0, nodes - 1));
  const kind = whole(0, 4);
  if (kind === 3) {
    const all = Array.from({ length: nodes }, (_, index) => nodeIdOf(index));
    const cut = whole(1, nodes - 1);
    const partition = { from: all.slice(0, cut), to: all.slice(cut), oneWay: whole(0, 2) === 0 };
    return { when, do: { partition, healAfterMs: whole(0, 1500) } };
  }
  if (kind === 4) return { when, do: { slow: node, factor: whole(2, 4) } };
  return { when, do: { kill: node, restartAfterMs: whole(0, 800) } };
}

/** A random upgrade that must pass, whatever its chaos does. */
export function randomUpgrade(seed: number): Plan {
  const whole = drawsOf(seed);
  const nodes = whole(2, 5);
  const drawn = upgradePlanSchema.parse({
    from: OLD_HASH,
    strategy: pick(STRATEGIES, whole),
    order: pick(UPGRADE_ORDERS, whole),
    rollback: pick(ROLLBACKS, whole),
    workloadMs: whole(0, 400),
  });
  const waves = plannedLegs(drawn, nodes, seed).flatMap((leg) => leg.waves).length;
  const faults = Array.from({ length: whole(0, 3) }, () => faultOf(whole, nodes, waves));
  // With one who lies among three, an honest way remains.
  if (nodes > 2 && whole(0, 4) === 0) {
    faults.push({ when: { atMs: 0 }, do: { byzantine: nodeIdOf(whole(1, nodes - 1)) } });
  }
  return virtualPlan({
    seed,
    params: {
      nodes,
      latencyMs: [5, 5 + whole(0, 60)],
      packetLoss: whole(0, 3) === 0 ? whole(1, 20) : 0,
    },
    upgrade: drawn,
    chaos: { faults },
    deadlineMs: 120_000,
  });
}

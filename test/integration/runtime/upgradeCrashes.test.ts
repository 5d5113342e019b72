import assert from 'node:assert/strict';
import { drawUint32 } from '../../../src/base/random.ts';
import { isViolated } from '../../../src/model/invariants.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import { eventsOf, ON_HOST, rehearse, type RealRun } from '../../support/realRun.ts';
import { CAPSULE_KEY } from '../../support/sealedRun.ts';
import { sweepOf } from '../../support/sweep.ts';
import {
  createUpgradedProduct,
  upgradePlan,
  type UpgradedProduct,
} from '../../support/upgradedProduct.ts';

/** Of real nodes, each killed with all it started. */
const CRASHES = sweepOf(50, 3);
/** Kills planned for a run; one of a node that is down already does nothing. */
const KILLS = 3;
const NODES = 2;

type Faults = NonNullable<PlanInput['chaos']>['faults'];

/** From when all serve the old Capsule until the last window has ended, in ms of the run. */
function upgradeSpan({ events }: RealRun): { from: number; to: number } {
  const windows = eventsOf(events, 'window').map(({ at }) => at);
  const last = events.at(-1)?.at ?? 0;
  return { from: windows[0] ?? 0, to: Math.max(last, windows.at(-1) ?? 0) };
}

/** Kills at instants drawn evenly from the span. */
function randomKills(seed: number, { from, to }: { from: number; to: number }): Faults {
  let count = 0;
  const draw = (below: number) => drawUint32(seed, 0x0c4a5, count++) % Math.max(1, below);
  return Array.from({ length: KILLS }, () => ({
    when: { atMs: Math.round(from) + draw(Math.round(to - from)) },
    do: { kill: nodeIdOf(draw(NODES)), restartAfterMs: draw(400) },
  }));
}

describe('runtime/real: crashes at random instants of an upgrade', () => {
  let upgraded: UpgradedProduct;
  let span: { from: number; to: number };
  before(async () => {
    upgraded = await createUpgradedProduct();
    const { product, before } = upgraded;
    span = upgradeSpan(await rehearse(product, upgradePlan(upgraded), { ...ON_HOST, before }));
  });
  after(() => upgraded.product.dispose());

  /** What is wrong with a run, and how many crashes it survived. */
  async function crashed(seed: number): Promise<{ problems: string[]; crashes: number }> {
    const { before, product } = upgraded;
    const plan = { ...upgradePlan(upgraded), seed, chaos: { faults: randomKills(seed, span) } };
    const ran = await rehearse(product, plan, { ...ON_HOST, before });
    const { observation, options } = ran;
    const { capsuleHash } = options.capsule;
    sealRun({
      observation,
      capsuleHash,
      packEnvelope: options.packEnvelope,
      key: CAPSULE_KEY,
      before,
    });
    const { invariants, nodeReports, recovery, upgrade } = observation;
    const problems = invariants
      .filter(isViolated)
      // An instant after the upgrade is not its fault, nor a node that is down already.
      .filter(({ details }) => !details.startsWith('The chaos schedule was not exercised'))
      .map(({ name, details }) => `${name}: ${details}`);
    if (upgrade?.outcome !== 'completed')
      problems.push(`the upgrade is ${upgrade?.outcome}: ${observation.cause}`);
    for (const { nodeId, phases } of nodeReports) {
      const last = phases.at(-1);
      if (last?.name !== 'healthy' || last.status !== 'ok')
        problems.push(`${nodeId} is not healthy`);
    }
    for (const { nodeId, status, runs } of eventsOf(ran.events, 'node')) {
      if (status === 'restarted' && runs === undefined)
        problems.push(`${nodeId} runs nothing that it chose`);
    }
    return { problems, crashes: recovery.reduce((sum, node) => sum + node.crashes, 0) };
  }

  it(`leave each node on exactly one verified Capsule, and the upgrade goes on (${CRASHES})`, async function () {
    this.timeout(1_800_000);
    const failures: string[] = [];
    let crashes = 0;
    for (let seed = 1; crashes < CRASHES; seed++) {
      assert.ok(seed <= CRASHES, `only ${crashes} crashes in ${CRASHES} upgrades`);
      const one = await crashed(seed);
      crashes += one.crashes;
      failures.push(...one.problems.map((problem) => `seed ${seed}: ${problem}`));
    }
    assert.deepEqual(failures, []);
  });
});

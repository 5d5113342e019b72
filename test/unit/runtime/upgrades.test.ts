import assert from 'node:assert/strict';
import { isViolated } from '../../../src/model/invariants.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { sweepOf } from '../../support/sweep.ts';
import { randomUpgrade, runUpgrade } from '../../support/upgradePlans.ts';

const UPGRADES = sweepOf(600, 200);
const CRASHES = sweepOf(500, 150);
const DRIFTED = 60;
/** Replays one: MESH_SEED=1234 npx mocha --config test/unit/.mocharc.json --grep 'random upgrades' */
const ONLY = process.env.MESH_SEED;

/** Problems of one upgrade that are not the plan's own doing, and how often nodes crashed. */
async function upgradeOf(seed: number) {
  const { observation } = await runUpgrade(randomUpgrade(seed));
  const { invariants, nodeReports, recovery, upgrade } = observation;
  const problems = invariants
    .filter(isViolated)
    // A fault that waits for a time after the upgrade is not its fault.
    .filter(({ details }) => !details.startsWith('The chaos schedule was not exercised'))
    .map(({ name, details }) => `${name}: ${details}`);
  for (const { nodeId, phases } of nodeReports) {
    const last = phases.at(-1);
    if (last?.name !== 'healthy' || last.status !== 'ok') problems.push(`${nodeId} is not healthy`);
  }
  if (upgrade?.outcome !== 'completed') problems.push(`the upgrade is ${upgrade?.outcome}`);
  return { problems, crashes: recovery.reduce((sum, node) => sum + node.crashes, 0) };
}

/** The plan of a seed in which the host of one node offers other content. */
function drifted(seed: number): { readonly plan: Plan; readonly nodeId: string } {
  const plan = randomUpgrade(seed);
  const nodeId = nodeIdOf(1 + (seed % (plan.params.nodes - 1)));
  const drift = [{ node: nodeId, service: 'orders', commit: 'abcdef12' }];
  const faults = plan.chaos.faults.filter(({ do: effect }) => !('byzantine' in effect));
  return { plan: { ...plan, drift, chaos: { ...plan.chaos, faults } }, nodeId };
}

describe('random upgrades', () => {
  it(`never move a node that was offered other content (${DRIFTED} seeds)`, async () => {
    for (let seed = 1; seed <= DRIFTED; seed++) {
      const { plan, nodeId } = drifted(seed);
      const { observation } = await runUpgrade(plan);
      const { upgrade, invariants, outcome } = observation;
      const observed = (name: string) => invariants.find((one) => one.name === name)?.observed;
      assert.deepEqual(
        [outcome, upgrade?.outcome, upgrade?.halted.map((one) => one.nodeId)],
        ['fail', 'incomplete', [nodeId]],
        `seed ${seed}`,
      );
      assert.ok(upgrade?.waves.every(({ nodes }) => !nodes.includes(nodeId)));
      assert.equal(observed('every-version-verified'), 'held');
      assert.equal(observed('runs-signed-content'), 'held');
    }
  });

  it(`end on the new Capsule with all invariants held, whatever chaos does (${UPGRADES} seeds)`, async function () {
    this.timeout(300_000);
    const failures: string[] = [];
    let crashes = 0;
    const first = ONLY === undefined ? 1 : Number(ONLY);
    const last = ONLY === undefined ? UPGRADES : first;
    for (let seed = first; seed <= last; seed++) {
      const upgrade = await upgradeOf(seed);
      crashes += upgrade.crashes;
      if (upgrade.problems.length === 0) continue;
      failures.push(
        `MESH_SEED=${seed} npx mocha --config test/unit/.mocharc.json --grep 'random upgrades'  # ${upgrade.problems.join('; ')}`,
      );
    }
    assert.equal(failures.length, 0, `replay a failing upgrade with\n${failures.join('\n')}`);
    if (ONLY === undefined) assert.ok(crashes >= CRASHES, `only ${crashes} crashes`);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MeshSimError } from '../../../src/base/errors.ts';
import { applyFlags, type PlanFlags } from '../../../src/cli/planFlags.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';

const CAPSULE = 'ab'.repeat(32);

async function planFrom(flags: PlanFlags, file: Record<string, unknown> = {}) {
  return parsePlan({ ...(await applyFlags(file, flags)), capsuleHash: CAPSULE }, 'plan');
}

/** Asserts the code, and that the sentence names what was wrong. */
async function refuses(flags: PlanFlags, code: string, mentions: RegExp): Promise<void> {
  await assert.rejects(planFrom(flags), (error) => {
    assert.ok(error instanceof MeshSimError);
    assert.equal(error.code, code);
    assert.match(error.message, mentions);
    return true;
  });
}

describe('the flags of a simulation', () => {
  it('read as the owner writes them', async () => {
    const plan = await planFrom({ nodes: '5', latency: '50-150', loss: '4', seed: '609' });
    assert.deepEqual(plan.params, {
      nodes: 5,
      latencyMs: [50, 150],
      packetLoss: 4,
      verifySignatures: true,
    });
    assert.equal(plan.seed, 609);
    assert.equal(plan.world, 'real');
  });

  it('win over the plan file, and leave alone what they do not name', async () => {
    const file = { seed: 7, params: { nodes: 3, packetLoss: 2 }, deadlineMs: 5000 };
    const plan = await planFrom({ nodes: '4' }, file);
    assert.equal(plan.params.nodes, 4);
    assert.equal(plan.params.packetLoss, 2);
    assert.equal(plan.seed, 7);
    assert.equal(plan.deadlineMs, 5000);
  });

  it('take a single latency as constant', async () => {
    assert.deepEqual((await planFrom({ latency: '20' })).params.latencyMs, [20, 20]);
  });

  it('take drift, bandwidth, deadline and topology', async () => {
    const plan = await planFrom({
      drift: ['n2:orders@9c0abe5'],
      place: ['orders=n0,n1', 'ledger=n2'],
      bandwidth: 'link:10',
      deadline: '90s',
      topology: 'ring',
    });
    assert.deepEqual(plan.placement, { orders: ['n0', 'n1'], ledger: ['n2'] });
    assert.deepEqual(plan.drift, [{ node: 'n2', service: 'orders', commit: '9c0abe5' }]);
    assert.deepEqual(plan.bandwidth, { model: 'link', mbps: 10 });
    assert.equal(plan.deadlineMs, 90_000);
    assert.deepEqual(plan.topology, { kind: 'ring' });
  });

  it('take a topology file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
    const file = path.join(folder, 'topology.json');
    await writeFile(
      file,
      '{"kind":"custom","links":[{"from":"n0","to":"n1"},{"from":"n1","to":"n0"}]}',
    );
    const plan = await planFrom({ topology: file, nodes: '2' });
    await rm(folder, { recursive: true });
    assert.equal(plan.topology.kind, 'custom');
  });

  it('take an upgrade, laid over that of a file', async () => {
    const from = 'cd'.repeat(32);
    const { upgrade } = await planFrom({ from, strategy: 'canary:2', rollback: 'after-all' });
    assert.deepEqual(
      [upgrade?.from, upgrade?.strategy, upgrade?.rollback],
      [from, { kind: 'canary', nodes: 2, bakeMs: 5000 }, 'after-all'],
    );
    const file = { upgrade: { from, workloadMs: 100 } };
    const over = await planFrom({ strategy: 'all-at-once' }, file);
    assert.deepEqual(
      [over.upgrade?.strategy, over.upgrade?.workloadMs],
      [{ kind: 'all-at-once' }, 100],
    );
  });

  it('give a plan that survives being written and read', async () => {
    const plan = await planFrom({ chaos: 'partition', loss: '1.5', topology: 'regions' });
    assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan)), 'plan.json'), plan);
  });

  const refused: [string, PlanFlags, string, RegExp][] = [
    ['one node', { nodes: '1' }, 'plan-invalid', /params\.nodes.*2/],
    ['eleven real nodes', { nodes: '11' }, 'plan-invalid', /params\.nodes.*--virtual/],
    [
      'objectives in virtual time',
      { virtual: true, failOnObjectives: true },
      'plan-invalid',
      /virtual time.*real runs only/,
    ],
    ['half a node', { nodes: '2.5' }, 'plan-invalid', /params\.nodes/],
    ['no number of nodes', { nodes: 'many' }, 'usage', /--nodes many/],
    [
      'a reversed latency',
      { latency: '150-50' },
      'plan-invalid',
      /params\.latencyMs.*minimum is above/,
    ],
    ['a negative latency', { latency: '-5-50' }, 'plan-invalid', /params\.latencyMs/],
    ['a latency of words', { latency: 'fast' }, 'usage', /--latency fast/],
    ['a loss over 100', { loss: '101' }, 'plan-invalid', /params\.packetLoss/],
    ['a negative loss', { loss: '-1' }, 'plan-invalid', /params\.packetLoss/],
    ['an unknown chaos preset', { chaos: 'meteor' }, 'usage', /--chaos meteor.*crash-mid-deploy/],
    ['a placement without nodes', { place: ['orders='] }, 'usage', /--place orders=: expected/],
    [
      'a service that is placed twice',
      { place: ['orders=n0', 'orders=n1'] },
      'usage',
      /--place orders=n1: expected "orders" once/,
    ],
    ['a strategy of nothing', { strategy: 'rolling:2' }, 'usage', /--strategy .* --from <hash>/],
    [
      'an unknown strategy',
      { from: 'cd'.repeat(32), strategy: 'big-bang' },
      'usage',
      /--strategy big-bang: expected rolling:1/,
    ],
    [
      'an unknown rollback',
      { from: 'cd'.repeat(32), rollback: 'maybe' },
      'usage',
      /--rollback maybe: expected one of never/,
    ],
    ['checks of nothing', { checksFrom: 'old' }, 'usage', /--checks-from .* --from <hash>/],
    [
      'checks from elsewhere',
      { from: 'cd'.repeat(32), checksFrom: 'older' },
      'usage',
      /--checks-from older: expected one of old, new/,
    ],
    ['a malformed drift', { drift: ['orders@abc'] }, 'usage', /--drift orders@abc/],
    ['an unknown topology', { topology: 'torus' }, 'usage', /--topology torus/],
    ['a missing topology file', { topology: 'nowhere.json' }, 'usage', /nowhere\.json/],
    ['a negative seed', { seed: '-1' }, 'plan-invalid', /seed/],
    ['a deadline without unit sense', { deadline: '5 weeks' }, 'usage', /--deadline/],
  ];
  for (const [what, flags, code, mentions] of refused) {
    it(`refuse ${what} in one sentence`, () => refuses(flags, code, mentions));
  }
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { CommandLine, CommandOutcome } from '../../support/commandLine.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { commitChange, createHarborPay, type HarborPay } from '../../support/harborPay.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { nodesFolderOf, runFolderOf } from '../../../src/studio/runs/runFolder.ts';
import { eventSchema } from '../../../src/model/events.ts';

/** Small delays: these tests are about the loop, not about the network. */
const QUICK = ['--nodes', '3', '--latency', '2-6'];

interface PackedProduct {
  readonly commands: CommandLine;
  readonly product: HarborPay;
  readonly capsule: string;
  readonly older: string;
  run(...args: string[]): Promise<CommandOutcome>;
  simulate(...args: string[]): Promise<CommandOutcome>;
  statement(simId: string): Promise<EvidenceStatement>;
}

async function packedProduct(): Promise<PackedProduct> {
  const commands = await createCommandLine();
  const product = await createHarborPay();
  const older = product.commit;
  await commitChange(product, 'services/orders/VERSION', '1.1\n');
  const run = (...args: string[]) => commands.meshSim(args, product.folder);
  const capsule = (await run('pack')).stdout;
  const simulate = (...args: string[]) => run('--capsule', capsule.slice(0, 12), ...args);
  const statement = async (simId: string) =>
    JSON.parse((await run('show', simId, '--json')).stdout) as EvidenceStatement;
  return { commands, product, capsule, older, run, simulate, statement };
}

/** "PASS  <simId>" as --quiet prints it. */
function simIdOf(outcome: CommandOutcome): string {
  return outcome.stdout.split(/\s+/)[1] ?? '';
}

describe('the loop on the command line', () => {
  let world: PackedProduct;
  beforeEach(async () => (world = await packedProduct()));
  afterEach(() => world.product.dispose());

  it('packs, simulates, exports and verifies offline', async () => {
    const ran = await world.simulate(
      ...QUICK,
      '--loss',
      '4',
      '--chaos',
      'crash-mid-deploy',
      '--quiet',
    );
    assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
    const simId = simIdOf(ran);
    const file = path.join(world.product.folder, 'out.capsim');
    assert.equal((await world.run('export', simId, '-o', file)).exitCode, 0);
    const verified = await world.commands.verifySim(
      ['--file', file, '--min-nodes', '3', '--require-chaos', '--max-age', '1d'],
      world.product.folder,
    );
    assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr);
    const stranger = await createCommandLine();
    const untrusted = await stranger.verifySim(['--file', file], world.product.folder);
    assert.equal(untrusted.exitCode, 3, untrusted.stdout);
    const audit = await world.run('ledger', 'verify', '--since', file);
    assert.equal(audit.exitCode, 0, audit.stderr);
  });

  it('replays a sealed run with the same plan, from the exported file alone', async () => {
    const first = await world.simulate(...QUICK, '--loss', '2', '--seed', '609', '--quiet');
    const file = path.join(world.product.folder, 'first.capsim');
    await world.run('export', simIdOf(first), '-o', file);
    await rm(path.join(world.product.folder, '.meshsim/runs'), { recursive: true });
    const second = await world.run('replay', file, '--quiet');
    assert.equal(second.exitCode, 0, second.stderr);
    assert.notEqual(simIdOf(second), simIdOf(first));
    const [a, b] = [await world.statement(simIdOf(first)), await world.statement(simIdOf(second))];
    const evidence = (statement: EvidenceStatement) => statement.predicate.meshsim_evidence;
    assert.deepEqual(evidence(b).plan, evidence(a).plan);
    assert.equal(
      evidence(b).links.some(({ rel }) => rel === 'previous-sim'),
      true,
    );
  });

  it('rebuilds the very same artifact when its file was deleted', async () => {
    const simId = simIdOf(await world.simulate(...QUICK, '--quiet'));
    const file = path.join(world.product.folder, '.meshsim/runs', simId, 'result.capsim');
    const before = await readFile(file);
    await rm(file);
    await world.run('export', simId);
    assert.deepEqual(await readFile(file), before);
  });

  it('halts a node that is offered another commit, says which, and exits 1', async () => {
    const drift = `n2:orders@${world.older}`;
    const ran = await world.simulate(...QUICK, '--drift', drift, '--quiet');
    assert.equal(ran.exitCode, 1, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /^FAIL .*n2.*orders/);
    const { predicate } = await world.statement(simIdOf(ran));
    assert.equal(predicate.result, 'FAILED');
    const report = predicate.meshsim_evidence.result.nodeReports.find(
      ({ nodeId }) => nodeId === 'n2',
    );
    assert.equal(report?.signatureVerified, false);
    assert.equal(
      report.phases.some(({ name }) => name === 'start'),
      false,
    );
  });

  it('lets the drift in without signature checks, and finds it by the invariants', async () => {
    const drift = `n2:orders@${world.older}`;
    const ran = await world.simulate(
      ...QUICK,
      '--drift',
      drift,
      '--no-verify-signatures',
      '--quiet',
    );
    assert.equal(ran.exitCode, 1, ran.stdout + ran.stderr);
    const { predicate } = await world.statement(simIdOf(ran));
    assert.ok(predicate.failedTests.includes('invariant/runs-signed-content'));
  });

  it('prints every event as one JSON object per line, gapless, the same as events.jsonl', async () => {
    const ran = await world.simulate(...QUICK, '--json');
    const lines = ran.stdout.split('\n');
    const last = JSON.parse(lines.pop() ?? '') as { type: string; simId: string; outcome: string };
    assert.equal(last.type, 'evidence');
    assert.equal(last.outcome, 'pass');
    lines.forEach((line, seq) => assert.equal(eventSchema.parse(JSON.parse(line)).seq, seq));
    const folder = path.join(world.product.folder, '.meshsim/runs', last.simId);
    assert.equal(
      await readFile(path.join(folder, 'events.jsonl'), 'utf8'),
      `${lines.join('\n')}\n`,
    );
    assert.equal(existsSync(runFolderOf(world.commands, last.simId)), false);
  });

  it('keeps the node folders with --keep-runs, and says where', async () => {
    const kept = await world.simulate(...QUICK, '--keep-runs', '--quiet');
    const nodes = nodesFolderOf(world.commands, simIdOf(kept));
    assert.ok(kept.stderr.includes(nodes), kept.stderr);
    assert.deepEqual((await readdir(nodes)).sort(), ['n0', 'n1', 'n2']);
  });

  it('runs the plan.json of an earlier run', async () => {
    const simId = simIdOf(await world.simulate(...QUICK, '--seed', '7', '--quiet'));
    const plan = path.join('.meshsim/runs', simId, 'plan.json');
    const again = await world.run('--config', plan, '--quiet');
    assert.equal(again.exitCode, 0, again.stderr);
    const [a, b] = [await world.statement(simId), await world.statement(simIdOf(again))];
    assert.deepEqual(b.predicate.meshsim_evidence.plan, a.predicate.meshsim_evidence.plan);
  });

  it('runs a thousand nodes in virtual time, unsealed', async () => {
    const ran = await world.simulate('--virtual', '--nodes', '1000', '--loss', '1');
    assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /1000 of 1000 virtual nodes healthy/);
    assert.match(ran.stdout, /Not sealed/);
  });
});

describe('oai-verify-sim given a bad file', () => {
  it('refuses a truncated, an empty, a huge and a missing file, each in one sentence', async () => {
    const world = await packedProduct();
    const simId = simIdOf(await world.simulate('--virtual', '--nodes', '2', '--quiet'));
    const file = path.join(world.product.folder, 'x.capsim');
    await world.run('export', simId, '-o', file);
    const verify = () => world.commands.verifySim(['--file', file], world.product.folder);
    assert.equal((await verify()).exitCode, 0);
    const { size } = await stat(file);
    for (const length of [size - 1, 0, 200 * 1024 * 1024]) {
      await truncate(file, length);
      const outcome = await verify();
      assert.equal(outcome.exitCode, 1, `${length} bytes: ${outcome.stdout}${outcome.stderr}`);
    }
    await rm(file);
    assert.equal((await verify()).exitCode, 2);
    await world.product.dispose();
  });
});

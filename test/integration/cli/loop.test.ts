import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, readFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import path from 'node:path';
import type { CommandLine, CommandOutcome } from '../../support/commandLine.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { commitChange, gitIn } from '../../support/harborPay.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';
import { withoutBoxes } from '../../support/workspace.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { nodesFolderOf, runFolderOf } from '../../../src/studio/runs/runFolder.ts';
import { eventSchema } from '../../../src/model/events.ts';

/** As little as makes a mesh: these tests are about the loop, not about the network or what services do. */
const QUICK = ['--nodes', '2', '--latency', '2-6'];

interface PackedProduct {
  readonly commands: CommandLine;
  readonly product: TinyRepository;
  readonly capsule: string;
  readonly older: string;
  run(...args: string[]): Promise<CommandOutcome>;
  simulate(...args: string[]): Promise<CommandOutcome>;
  statement(simId: string): Promise<EvidenceStatement>;
}

async function packedProduct(): Promise<PackedProduct> {
  const commands = await createCommandLine();
  const product = await createTinyRepository([healthyService()]);
  await withoutBoxes(product.repo);
  const older = await gitIn(product.repo, 'rev-parse', 'HEAD');
  await commitChange({ folder: product.repo }, 'web/VERSION', '1.1\n');
  const run = (...args: string[]) => commands.meshSim(args, product.repo);
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
  /** One run that several tests look at: what it printed, and whose it is. */
  let ran: CommandOutcome;
  let simId: string;
  /** One in virtual time, for what does not depend on the world. */
  let virtualId: string;
  const sealed = () => path.join(world.product.repo, '.meshsim/runs', simId);
  /** Before other runs are recorded: later the proof is by a later checkpoint. */
  let rebuilt: { readonly first: Buffer; readonly second: Buffer };
  const rebuild = async () => {
    const file = path.join(sealed(), 'result.capsim');
    const first = await readFile(file);
    await rm(file);
    await world.run('export', simId);
    return { first, second: await readFile(file) };
  };
  const evidenceOf = async (one: string) => (await world.statement(one)).predicate.meshsim_evidence;

  before(async () => {
    world = await packedProduct();
    const plan = ['--loss', '2', '--seed', '609', '--chaos', 'crash-mid-deploy'];
    ran = await world.simulate(...QUICK, ...plan, '--keep-runs', '--json');
    simId = (JSON.parse(ran.stdout.split('\n').at(-1) ?? '') as { simId: string }).simId;
    rebuilt = await rebuild();
    virtualId = simIdOf(await world.simulate('--virtual', ...QUICK, '--quiet'));
  });
  after(() => world.product.dispose());

  it('packs, simulates, exports and verifies offline', async () => {
    const file = path.join(world.product.repo, 'out.capsim');
    assert.equal((await world.run('export', simId, '-o', file)).exitCode, 0);
    const verified = await world.commands.verifySim(
      ['--file', file, '--min-nodes', '2', '--require-chaos', '--max-age', '1d'],
      world.product.repo,
    );
    assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr);
    const stranger = await createCommandLine();
    const untrusted = await stranger.verifySim(['--file', file], world.product.repo);
    assert.equal(untrusted.exitCode, 3, untrusted.stdout);
    const audit = await world.run('ledger', 'verify', '--since', file);
    assert.equal(audit.exitCode, 0, audit.stderr);
  });

  it('prints every event as one JSON object per line, gapless, the same as events.jsonl', async () => {
    const lines = ran.stdout.split('\n');
    const last = JSON.parse(lines.pop() ?? '') as { type: string; outcome: string };
    assert.equal(last.type, 'evidence');
    assert.equal(last.outcome, 'pass', ran.stderr);
    lines.forEach((line, seq) => assert.equal(eventSchema.parse(JSON.parse(line)).seq, seq));
    const events = await readFile(path.join(sealed(), 'events.jsonl'), 'utf8');
    assert.equal(events, `${lines.join('\n')}\n`);
  });

  it('keeps the node folders with --keep-runs, and says where', async () => {
    const nodes = nodesFolderOf(world.commands, simId);
    assert.ok(ran.stderr.includes(nodes), ran.stderr);
    assert.deepEqual((await readdir(nodes)).sort(), ['n0', 'n1']);
  });

  it('rebuilds the very same artifact when its file was deleted', () => {
    assert.deepEqual(rebuilt.second, rebuilt.first);
  });

  it('runs the plan.json of an earlier run', async () => {
    const plan = path.join('.meshsim/runs', virtualId, 'plan.json');
    const again = await world.run('--config', plan, '--quiet');
    assert.equal(again.exitCode, 0, again.stderr);
    assert.deepEqual((await evidenceOf(simIdOf(again))).plan, (await evidenceOf(virtualId)).plan);
  });

  it('replays a sealed run with the same plan, from the exported file alone', async () => {
    // In a clone that has never seen the run.
    const file = path.join(world.product.repo, 'first.capsim');
    await world.run('export', simId, '-o', file);
    const kept = path.join(world.product.repo, '.meshsim/runs');
    await rename(kept, `${kept}-away`);
    const second = await world
      .run('replay', file, '--quiet')
      .finally(() => cp(`${kept}-away`, kept, { recursive: true }));
    assert.equal(second.exitCode, 0, second.stderr);
    assert.notEqual(simIdOf(second), simId);
    const replayed = await evidenceOf(simIdOf(second));
    assert.deepEqual(replayed.plan, (await evidenceOf(simId)).plan);
    assert.ok(replayed.links.some(({ rel }) => rel === 'previous-sim'));
    const folder = runFolderOf(world.commands, simIdOf(second));
    assert.equal(existsSync(folder), false, 'kept only when it is asked for');
  });

  it('halts a node that is offered another commit, says which, and exits 1', async () => {
    const drift = `n1:web@${world.older}`;
    const drifted = await world.simulate(...QUICK, '--drift', drift, '--quiet');
    assert.equal(drifted.exitCode, 1, drifted.stdout + drifted.stderr);
    assert.match(drifted.stdout, /^FAIL .*n1.*web/);
    const { predicate } = await world.statement(simIdOf(drifted));
    assert.equal(predicate.result, 'FAILED');
    const report = predicate.meshsim_evidence.result.nodeReports.find(
      ({ nodeId }) => nodeId === 'n1',
    );
    assert.equal(report?.signatureVerified, false);
    assert.equal(
      report.phases.some(({ name }) => name === 'start'),
      false,
    );
  });

  it('lets the drift in without signature checks, and finds it by the invariants', async () => {
    const drift = `n1:web@${world.older}`;
    const drifted = await world.simulate(
      ...QUICK,
      '--drift',
      drift,
      '--no-verify-signatures',
      '--quiet',
    );
    assert.equal(drifted.exitCode, 1, drifted.stdout + drifted.stderr);
    const { predicate } = await world.statement(simIdOf(drifted));
    assert.ok(predicate.failedTests.includes('invariant/runs-signed-content'));
  });

  it('runs a thousand nodes in virtual time, unsealed', async () => {
    const virtual = await world.simulate('--virtual', '--nodes', '1000', '--loss', '1');
    assert.equal(virtual.exitCode, 0, virtual.stdout + virtual.stderr);
    assert.match(virtual.stdout, /1000 of 1000 virtual nodes healthy/);
    assert.match(virtual.stdout, /Not sealed/);
  });

  it('is told by oai-verify-sim that a file is truncated, empty, huge or missing', async () => {
    const file = path.join(world.product.repo, 'x.capsim');
    await world.run('export', virtualId, '-o', file);
    const verify = () => world.commands.verifySim(['--file', file], world.product.repo);
    assert.equal((await verify()).exitCode, 0);
    const { size } = await stat(file);
    for (const length of [size - 1, 0, 200 * 1024 * 1024]) {
      await truncate(file, length);
      const outcome = await verify();
      assert.equal(outcome.exitCode, 1, `${length} bytes: ${outcome.stdout}${outcome.stderr}`);
    }
    await rm(file);
    assert.equal((await verify()).exitCode, 2);
  });
});

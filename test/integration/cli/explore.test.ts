import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { explorationSchema } from '../../../src/model/explorationApi.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import { commitAll } from '../../support/harborPay.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

interface Line {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Of two nodes, the upgrade of this seed goes back after its first wave, and that of the seed before it never does. */
const BACK = 606;

/** Its new version leaves something that the old one cannot do with. */
const CHECK = {
  name: 'the old version is as before',
  service: 'web',
  run: ['node', '-e', "process.exit(process.env.MESH_SIM_WINDOW === 'rolled-back' ? 1 : 0)"],
  on: 'n0',
};

describe('exploring on the command line', () => {
  let commands: CommandLine;
  let product: TinyRepository;
  let old: string;
  let newer: string;

  async function pack(): Promise<string> {
    await commitAll(product.repo);
    return (await commands.meshSim(['pack'], product.repo)).stdout.trim();
  }

  /** Two nodes and short rests, so that a run takes some seconds. */
  async function planFile(seed: number): Promise<string> {
    const strategy = { kind: 'rolling', batch: 1, pauseMs: 50 } as const;
    const plan: PlanInput = {
      capsuleHash: newer,
      params: { nodes: 2, latencyMs: [1, 5] },
      seed,
      upgrade: { from: old, strategy, workloadMs: 100 },
      deadlineMs: 60_000,
    };
    const file = path.join(product.folder, 'plan.json');
    await writeFile(file, JSON.stringify(plan));
    return file;
  }

  async function explore(...args: string[]) {
    const outcome = await commands.meshSim(['explore', '--json', ...args], product.repo);
    const lines = outcome.stdout.split('\n').filter((line) => line !== '');
    return { ...outcome, lines: lines.map((line) => JSON.parse(line) as Line) };
  }

  before(async () => {
    commands = await createCommandLine();
    product = await createTinyRepository([healthyService()], { checks: [CHECK] });
    old = await pack();
    await writeFile(path.join(product.repo, 'web/VERSION'), '2');
    newer = await pack();
  });
  after(() => product.dispose());

  it('seals its runs until one fails, repeats that, leaves out what still lets it fail, and saves the plan beside others', async function () {
    // Four runs, one after the other.
    this.timeout(400_000);
    const name = `explored-checks-held-${BACK}`;
    const taken = path.join(product.repo, `${name}.meshplan.json`);
    await writeFile(taken, 'mine');
    const config = await planFile(BACK - 1);
    const { exitCode, lines, stderr } = await explore('--config', config, '--shrink-runs', '3');
    assert.equal(exitCode, 1, stderr);
    const [passed, failed] = lines;
    assert.deepEqual(
      [passed?.seed, passed?.outcome, passed?.backAfterWave],
      [BACK - 1, 'pass', null],
    );
    assert.deepEqual(
      [failed?.seed, failed?.invariant, failed?.backAfterWave],
      [BACK, 'checks-held', 1],
    );
    assert.match(String(failed?.sentence), /the old version is as before/);
    assert.deepEqual(
      lines.slice(2, -1).map(({ type, what, isSame }) => [type, what, isSame]),
      [
        ['shrink', 'again, as it was', true],
        ['shrink', 'rollback never', false],
      ],
    );
    const whole = lines.at(-1)!;
    const { type, outcome, asked, ran, orders, rollbackPoints, plan: file } = whole;
    assert.deepEqual([type, outcome, asked, ran], ['exploration', 'fail', 20, 2]);
    assert.deepEqual([orders, rollbackPoints, file], [2, 2, `${name}-2.meshplan.json`]);
    const text = await readFile(path.join(product.repo, String(file)), 'utf8');
    assert.equal(planSchema.parse(JSON.parse(text)).seed, BACK);
    assert.equal(await readFile(taken, 'utf8'), 'mine');
    const folder = path.join(product.repo, '.meshsim/explorations');
    const [record = '', ...others] = await readdir(folder);
    assert.deepEqual(others, []);
    const kept = explorationSchema.parse(
      JSON.parse(await readFile(path.join(folder, record), 'utf8')),
    );
    assert.deepEqual([kept.capsuleHash, kept.from, kept.asked], [newer, old, 20]);
    assert.deepEqual(
      kept.runs.map(({ seed, simId, invariant, order }) => [seed, simId, invariant, order]),
      [passed, failed].map((line) => [line?.seed, line?.simId, line?.invariant, line?.order]),
    );
    assert.deepEqual(kept.shrinking, { runs: 2, end: 'out-of-runs', plan: file });
    assert.ok(kept.endedAt !== undefined);
    const shown = await commands.meshSim(['show', String(passed?.simId), '--json'], product.repo);
    assert.equal(shown.exitCode, 0, shown.stderr);
  });

  it('explores plans without an upgrade in virtual time, and says what it came to when it is interrupted', async () => {
    const args = ['explore', '--capsule', newer, '--nodes', '3', '--virtual', '--json'];
    const passed = await commands.meshSim([...args, '--runs', '40'], product.repo);
    assert.equal(passed.exitCode, 0, passed.stderr);
    const whole = JSON.parse(passed.stdout.split('\n').at(-1) ?? '') as Line;
    assert.deepEqual([whole.ran, whole.passed, whole.orders], [40, 40, undefined]);

    const { environment: env } = commands;
    const options = { cwd: product.repo, env, reject: false, buffer: false } as const;
    const program = [path.join(DIST, 'meshSim.cjs'), ...args, '--runs', '50000'];
    const run = execa(process.execPath, program, options);
    let last = '';
    for await (const line of createInterface({ input: run.stdout })) {
      // A second signal would not wait for the summary.
      if (last === '') run.kill('SIGINT');
      last = line;
    }
    assert.equal((await run).exitCode, 130);
    const { type, outcome, ran } = JSON.parse(last) as Line;
    assert.deepEqual([type, outcome], ['exploration', 'pass']);
    assert.ok(Number(ran) > 0);
  });

  it('refuses an upgrade from the Capsule itself, and checks that nobody could run, and starts nothing', async () => {
    const refused = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await explore(...args);
      assert.deepEqual([exitCode, stdout], [2, '']);
      return stderr.trim();
    };
    assert.match(
      await refused('--capsule', newer, '--from', newer),
      /^plan-invalid: .*is the Capsule that is rolled out: name the one that runs before it$/,
    );
    assert.match(
      await refused('--capsule', newer, '--from', old, '--virtual'),
      /^usage: No service runs in virtual time, so nobody could run check "the old version is as before"/,
    );
  });
});

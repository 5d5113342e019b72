import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { isNotCompared } from '../../../src/model/comparedWords.ts';
import { runComparisonSchema } from '../../../src/model/runComparison.ts';
import { createCommandLineInProcess, type CommandLine } from '../../support/commandLine.ts';
import { packedWorld, type PackedWorld } from '../../support/packedWorld.ts';

/** In virtual time: these tests are about what is said of runs. */
const QUICK = ['--virtual', '--nodes', '2', '--quiet'];

describe('mesh-sim compare', () => {
  let commands: CommandLine;
  let world: PackedWorld;
  let [one, other] = ['', ''];

  before(async () => {
    commands = await createCommandLineInProcess();
    world = await packedWorld(commands);
    one = await simulated('--seed', '1');
    other = await simulated('--seed', '2', '--chaos', 'crash-mid-deploy');
  });
  after(() => world.product.dispose());

  async function simulated(...args: string[]): Promise<string> {
    const { stdout, stderr } = await world.run('--capsule', world.capsule, ...QUICK, ...args);
    const simId = stdout.split(/\s+/)[1];
    assert.ok(simId, stderr);
    return simId;
  }
  const fileOf = (simId: string, name: string) =>
    path.join(world.product.repo, '.meshsim/runs', simId, name);
  async function compared(a: string, b: string) {
    const { exitCode, stdout, stderr } = await world.run('compare', a, b, '--json');
    assert.equal(exitCode, 0, stderr);
    return runComparisonSchema.parse(JSON.parse(stdout));
  }

  it('prints two runs by prefixes of their simIds, and as JSON what its schema says', async () => {
    const printed = await world.run('compare', one.slice(0, 8), other.slice(0, 8));
    assert.equal(printed.exitCode, 0, printed.stderr);
    assert.match(printed.stdout, /^chaos\.preset {2}none {2}crash-mid-deploy$/m);
    assert.match(printed.stdout, /^They part first at fault 0\./m);
    const { plan, events, phases, latency } = await compared(one, other);
    assert.ok(!isNotCompared(plan) && plan.changes.some(({ path }) => path === 'seed'));
    assert.ok(!isNotCompared(events) && !isNotCompared(phases) && !isNotCompared(latency));
    assert.equal(events.parted[0]?.b?.is.startsWith('fault 0 fired'), true);
    assert.equal(latency.from, 'packets');
  });

  it('takes files, and compares no events but those that were signed', async () => {
    const file = path.join(world.product.repo, 'one.capsim');
    await world.run('export', one, '-o', file);
    const { a, b } = await compared(file, other);
    assert.deepEqual([a.name, a.events.isSigned, b.events.isSigned], ['one.capsim', true, true]);
    const events = await readFile(fileOf(one, 'events.jsonl'));
    await appendFile(fileOf(one, 'events.jsonl'), '{"seq":9999}\n');
    const altered = await compared(file, other);
    await writeFile(fileOf(one, 'events.jsonl'), events);
    assert.equal(altered.a.verdict, 'verified');
    assert.ok(isNotCompared(altered.events));
    assert.match(altered.events.notCompared, /^A: .*not those that were signed/);
  });

  it('repeats nothing that an altered file states', async () => {
    const stored = await readFile(fileOf(other, 'result.capsim'));
    const lie = stored.toString().replace('"payload":"ey', '"payload":"fy');
    await writeFile(fileOf(other, 'result.capsim'), lie);
    const { b, plan } = await compared(one, other);
    await writeFile(fileOf(other, 'result.capsim'), stored);
    assert.deepEqual([b.verdict, b.run], ['invalid', undefined]);
    assert.ok(isNotCompared(plan));
    assert.match(plan.notCompared, /^The evidence of B is not verified here: .*ledger entry/);
  });

  it('says in one sentence what it cannot read', async () => {
    for (const [args, code, sentence] of [
      [['ffff', one], 2, /^run-unknown: No simulation "ffff"/],
      [[one, 'nowhere.capsim'], 2, /^run-unknown: There is no file nowhere\.capsim\.$/],
      [[one], 2, /^usage: missing required argument 'B'/],
    ] as const) {
      const { exitCode, stderr } = await world.run('compare', ...args);
      assert.equal(exitCode, code, stderr);
      assert.match(stderr, sentence);
    }
  });
});

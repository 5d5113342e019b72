import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createCommandLine,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import { otlpReceiver } from '../../support/otlpReceiver.ts';
import { commitChange, createHarborPay, type HarborPay } from '../../support/harborPay.ts';

/** In virtual time: these tests are about what is written of a run. */
const QUICK = ['--virtual', '--nodes', '2', '--quiet'];

describe('what a pipeline gets of a run', () => {
  let commands: CommandLine;
  let product: HarborPay;
  let capsule: string;
  let older: string;
  before(async () => {
    commands = await createCommandLine();
    product = await createHarborPay();
    older = product.commit;
    await commitChange(product, 'services/orders/VERSION', '1.1\n');
    capsule = (await run('pack')).stdout;
  });
  after(() => product.dispose());

  function run(...args: string[]): Promise<CommandOutcome> {
    return commands.meshSim(args, product.folder);
  }
  function simulate(...args: string[]): Promise<CommandOutcome> {
    return run('--capsule', capsule, ...QUICK, ...args);
  }
  function read(file: string): Promise<string> {
    return readFile(path.join(product.folder, file), 'utf8');
  }

  it('is written of a run that passed, and its evidence becomes a page', async () => {
    const receiver = await otlpReceiver();
    const otlp = ['--otlp', receiver.address];
    const files = ['--junit', 'out/junit.xml', '--summary', 'out/summary.md'];
    const ran = await simulate(...files, ...otlp);
    assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
    const simId = ran.stdout.split(/\s+/)[1] ?? '';
    const live = receiver.spans.splice(0).map(({ spanId }) => spanId);
    assert.equal(live.length, 1 + 2 + 10);
    await run('export', simId, ...otlp);
    assert.deepEqual(
      receiver.spans.map(({ spanId }) => spanId),
      live,
    );
    await receiver.close();
    assert.match(await read('out/junit.xml'), /<testsuite name="mesh-sim" tests="15" failures="0"/);
    assert.match(await read('out/summary.md'), new RegExp(`✅ PASS[^]*${simId}[^]*result.capsim`));
    assert.deepEqual((await readdir(path.join(product.folder, 'out'))).sort(), [
      'junit.xml',
      'summary.md',
    ]);
    const reported = await run('report', simId.slice(0, 8), '-o', 'report.html');
    assert.equal(reported.exitCode, 0, reported.stderr);
    assert.match(await read('report.html'), /✔ Verified[^]*✔ PASS|✔ PASS[^]*✔ Verified/);
    await run('export', simId, '-o', 'run.capsim');
    const stranger = await createCommandLine();
    const file = path.join(product.folder, 'run.capsim');
    const folder = path.join(product.folder, 'elsewhere');
    await mkdir(folder);
    const elsewhere = await stranger.meshSim(['report', file], folder);
    assert.equal(elsewhere.exitCode, 1, elsewhere.stderr);
    assert.match(await read('elsewhere/run.html'), /not trusted here/);
  });

  it('is written of a run that failed, with the sentence', async () => {
    const drift = `n1:orders@${older}`;
    const ran = await simulate('--drift', drift, '--junit', 'f.xml', '--summary', 'f.md');
    assert.equal(ran.exitCode, 1, ran.stderr);
    assert.match(await read('f.xml'), /<failure message="n1/);
    assert.match(await read('f.md'), /❌ FAIL/);
  });

  it('says that there was no run, in the place of what an earlier one left', async () => {
    await writeFile(path.join(product.folder, 'old.xml'), 'of an earlier run');
    const ran = await run('--capsule', 'ffffffff', ...QUICK, '--junit', 'old.xml');
    assert.equal(ran.exitCode, 2, ran.stderr);
    assert.match(await read('old.xml'), /<error type="capsule-unknown"/);
  });

  it('is refused before the run where it could not be written', async () => {
    const runs = async () => (await run('ledger', 'list')).stdout;
    const before = await runs();
    await mkdir(path.join(product.folder, 'folder'), { recursive: true });
    await symlink('/dev/null', path.join(product.folder, 'device'));
    for (const file of ['folder', 'device', 'mesh.services.json/x.xml']) {
      const refused = await simulate('--junit', file);
      assert.equal(refused.exitCode, 2, refused.stdout);
      assert.equal(refused.stderr.trim().split('\n').length, 1, refused.stderr);
      assert.ok(refused.stderr.includes(file), refused.stderr);
    }
    const twice = await simulate('--junit', 'same', '--summary', './same');
    assert.equal(twice.exitCode, 2);
    assert.equal(existsSync(path.join(product.folder, 'same')), false);
    assert.equal(await runs(), before);
  });
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { gitIn } from '../../support/harborPay.ts';
import { createInstallBench, type InstallBench } from '../../support/installBench.ts';

const EXTENSION = 'oursynth.mesh-sim-studio';
const PREVIEW = `--open-url vscode://${EXTENSION}/preview`;
/** What the scripts and npm themselves need. */
const BASICS = ['sh', 'dirname', 'env'];

describe('install.sh', () => {
  let bench: InstallBench;
  beforeEach(async () => {
    bench = await createInstallBench();
  });
  afterEach(() => bench.dispose());

  const vsix = () => path.join(bench.checkout, 'dist', 'mesh-sim-studio.vsix');
  const example = () => path.join(bench.home, 'mesh-sim-harbor-pay');

  it('builds and installs from a fresh checkout, not when the build fails, and again what was built before', async function () {
    // It installs all dependencies, on a machine that may be busy.
    this.timeout(600_000);
    const first = await bench.install(['--code', bench.code, '--example']);
    assert.equal(first.exitCode, 0, `${first.stdout}\n${first.stderr}`);
    assert.match(first.stdout, /→ install dependencies: npm ci/);
    assert.deepEqual(await bench.extensions(), [EXTENSION]);
    assert.deepEqual(await bench.opened(), [example(), PREVIEW]);
    const commits = (await gitIn(example(), 'log', '--format=%s')).split('\n');
    assert.deepEqual(commits, ['Harbor Pay 1.1', 'Harbor Pay 1.0']);
    assert.equal(await gitIn(example(), 'status', '--porcelain'), '');

    await appendFile(path.join(bench.checkout, 'src/extension.ts'), '\nconst broken = ;\n');
    const before = await stat(vsix());
    const opened = await bench.opened();
    const second = await bench.install(['--code', bench.code, '--example']);
    assert.equal(second.exitCode, 1);
    assert.match(second.stdout, /Dependencies are installed already/);
    assert.match(second.stderr, /The build failed, and nothing was installed/);
    assert.equal((await stat(vsix())).mtimeMs, before.mtimeMs);
    assert.deepEqual(await bench.opened(), opened, 'nothing was opened');

    await writeFile(path.join(example(), 'notes.txt'), 'mine');
    const third = await bench.install(['--code', bench.code, '--no-build', '--example']);
    assert.equal(third.exitCode, 0, third.stderr);
    assert.deepEqual(await bench.extensions(), [EXTENSION]);
    assert.deepEqual((await bench.opened()).slice(opened.length), [example(), PREVIEW]);
    assert.ok(existsSync(path.join(example(), 'notes.txt')), 'what is in the example stays');
  });

  it('says in one sentence each what is missing and how to get it, and does nothing', async () => {
    const attempts: [string[], RegExp[]][] = [
      [[...BASICS], [/^Node\.js is missing: .*nodejs\.org/]],
      [
        [...BASICS, 'node', 'npm'],
        [/^git is missing: .*git-scm\.com/m, /^VS Code's command/m],
      ],
      [
        [...BASICS, 'node', 'git'],
        [/^npm is missing: /m, /code\.visualstudio\.com/],
      ],
      [[...BASICS, 'node', 'npm', 'git'], [/^VS Code's command "code" is missing: .*--code\.$/]],
    ];
    for (const [programs, sentences] of attempts) {
      const { exitCode, stdout, stderr } = await bench.install([], { programs });
      assert.equal(exitCode, 1, stderr);
      assert.equal(stdout, '');
      for (const sentence of sentences) assert.match(stderr.trim(), sentence);
      assert.equal(stderr.trim().split('\n').length, sentences.length, stderr);
    }
    assert.equal(existsSync(path.join(bench.checkout, 'dist')), false);
    assert.equal(existsSync(path.join(bench.checkout, 'node_modules')), false);
  });

  it('refuses wrong options before anything is done', async () => {
    const { code, home } = bench;
    await mkdir(example());
    await writeFile(path.join(example(), 'mine.txt'), 'not the example');
    const attempts: [string[], number, RegExp][] = [
      [['--speed', '9'], 2, /--speed/],
      [['--folder', home, '--example'], 2, /either --folder or --example/],
      [['--code', path.join(home, 'code')], 1, /is not VS Code's command/],
      [['--code', code, '--folder', path.join(home, 'none')], 1, /There is no folder/],
      [['--code', code, '--example'], 1, /is not the example/],
      [['--code', code, '--no-build', '--folder', home], 1, /without --no-build/],
    ];
    for (const [args, expected, sentence] of attempts) {
      const { exitCode, stderr } = await bench.install(args);
      assert.equal(exitCode, expected, stderr);
      assert.match(stderr, sentence);
    }
    assert.deepEqual(await bench.opened(), []);
  });

  it('only prints what it would do when asked to, and takes the current folder when it is a product', async () => {
    const product = path.join(bench.home, 'my product');
    await mkdir(product);
    await writeFile(path.join(product, 'mesh.services.json'), '{}');
    const args = ['--what-if', '--code', bench.code];
    const { exitCode, stdout } = await bench.install(args, { cwd: product });
    assert.equal(exitCode, 0);
    const steps = stdout.split('\n').filter((line) => line.startsWith('Would '));
    assert.equal(steps.length, 8, stdout);
    assert.ok(stdout.includes(`code ${product}`), stdout);
    assert.match(stdout, /Nothing was changed\.$/);
    for (const made of ['dist', 'node_modules']) {
      assert.equal(existsSync(path.join(bench.checkout, made)), false);
    }
    const given = await bench.install([...args, '--folder', bench.home], { cwd: product });
    assert.ok(given.stdout.includes(`code ${bench.home}\n`), given.stdout);
    assert.deepEqual([await bench.opened(), await bench.extensions()], [[], []]);
    await rm(product, { recursive: true });
    assert.match(
      (await bench.install(args)).stdout,
      /prepare the example in .*mesh-sim-harbor-pay/,
    );
    assert.equal(existsSync(example()), false);
  });
});

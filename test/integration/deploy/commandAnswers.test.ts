import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { flipByte, whileFlipped } from '../../support/alterFile.ts';
import { createCommandLineInProcess, DIST } from '../../support/commandLine.ts';
import { packedWorld, type PackedWorld } from '../../support/packedWorld.ts';

describe('deploying on the command line', () => {
  let world: PackedWorld;
  beforeEach(async () => (world = await packedWorld(await createCommandLineInProcess())));
  afterEach(() => world.product.dispose());

  it('refuses with the rule that failed, and trusts nothing, whatever byte of the ledger changed', async () => {
    const { run, capsule, product } = world;
    const flags = ['--capsule', capsule.slice(0, 8), '--env', 'production'];
    await run('gate', ...flags);
    const ledger = path.join(product.repo, '.meshsim/ledger');
    const [entries = ''] = await readdir(path.join(ledger, 'tile/entries/000.p'));
    for (const [name, at] of [
      ['checkpoint', 40],
      // The brace of the newest entry: it cannot even be read as one.
      [`tile/entries/000.p/${entries}`, -1],
    ] as const) {
      await whileFlipped(path.join(ledger, name), at, async () => {
        for (const command of ['gate', 'deploy'] as const) {
          const refused = await run(command, ...flags);
          assert.equal(refused.exitCode, 4, refused.stderr);
          assert.match(refused.stdout, /✖ ledger-intact +The ledger is broken: /);
        }
        const trust = await run('trust', '--capsule', capsule.slice(0, 8));
        assert.equal(trust.exitCode, 1, trust.stderr);
        assert.match(trust.stdout, /^The ledger is broken: /);
      });
    }
    assert.equal((await run('trust', '--capsule', capsule)).exitCode, 0);
  });

  it('names the altered record, and is let in once the Capsule was packed again', async () => {
    const { run, capsule, describe, product } = world;
    await describe({ production: false, gate: undefined });
    const flags = ['--capsule', capsule, '--env', 'production'];
    const allowed = await run('gate', ...flags, '--json');
    const { digest } = JSON.parse(allowed.stdout) as { digest: string };
    const objects = path.join(product.repo, '.meshsim/objects');
    await flipByte(path.join(objects, digest.slice(0, 2), digest.slice(2)), 40);
    const refused = await run('deploy', ...flags);
    assert.equal(refused.exitCode, 4, refused.stderr);
    assert.match(
      refused.stdout,
      /✖ records-intact +A record .*: gate decision of production, ledger entry 1 \(.*pack again/,
    );
    assert.doesNotMatch(refused.stdout, /rehearsal this gate asks for/);
    assert.equal((await run('trust', '--capsule', capsule)).exitCode, 1);
    assert.equal((await run('pack')).stdout, capsule);
    assert.equal((await run('deploy', ...flags)).exitCode, 0);
    const trust = await run('trust', '--capsule', capsule);
    assert.equal(trust.exitCode, 1, 'what was altered stays visible');
  });

  it('records nothing of a dry run', async () => {
    const { run, capsule } = world;
    const before = (await run('ledger', 'list')).stdout;
    const flags = ['--capsule', capsule, '--env', 'production', '--dry-run'];
    assert.equal((await run('gate', ...flags)).exitCode, 4);
    assert.equal((await run('deploy', ...flags)).exitCode, 4);
    assert.equal((await run('ledger', 'list')).stdout, before);
  });

  it('breaks the glass only where the policy lets it, with a reason, loudly, and in the ledger', async () => {
    const { run, capsule, describe } = world;
    const flags = ['--capsule', capsule, '--env', 'production', '--break-glass'];
    const short = await run('deploy', ...flags, 'now');
    assert.deepEqual([short.exitCode, short.stdout], [2, '']);
    const refused = await run('deploy', ...flags, 'the shop is down');
    assert.equal(refused.exitCode, 4);
    assert.match(refused.stdout, /does not let anyone break the glass/);
    await describe({ gate: { allowBreakGlass: true } });
    const broken = await run('deploy', ...flags, 'the shop is down');
    assert.equal(broken.exitCode, 0, broken.stdout + broken.stderr);
    assert.match(
      broken.stdout,
      /GLASS BROKEN[^]*the shop is down[^]*Overridden: {3}rehearsed[^]*DEPLOYED/,
    );
    assert.match(
      (await run('trust', '--capsule', capsule)).stdout,
      /GLASS BROKEN.*the shop is down/,
    );
  });

  it('goes back and exits 130 when it is interrupted, and 1 when it fails', async () => {
    const { run, capsule, describe, product, commands } = world;
    const marker = path.join(product.folder, 'marker');
    const activate = { run: `[ "$MESH_SIM_ACTION" = rollback ] || { echo here; sleep 300; }` };
    const target = { kind: 'directory', path: '../prod', activate };
    const open = { production: false, gate: undefined };
    await describe({ ...open, target });
    const flags = ['--capsule', capsule, '--env', 'production'];
    const child = execa(process.execPath, [path.join(DIST, 'meshSim.cjs'), 'deploy', ...flags], {
      cwd: product.repo,
      env: commands.environment,
      extendEnv: false,
      reject: false,
    });
    for await (const line of child.iterable()) if (line.trim() === 'here') child.kill('SIGINT');
    const { exitCode, stdout } = await child;
    assert.equal(exitCode, 130, stdout);
    assert.match(
      stdout,
      /FAILED .*: Interrupted; what was active before stays active\. Now nothing is active/,
    );
    await describe({
      ...open,
      target: { ...target, activate: { run: `touch '${marker}'; exit 7` } },
    });
    const failed = await run('deploy', ...flags);
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stdout, /exited with code 7/);
  });
});

describe('deploying with what cannot be meant', () => {
  let world: PackedWorld;
  before(async () => (world = await packedWorld(await createCommandLineInProcess())));
  after(() => world.product.dispose());

  const BAD: readonly [name: string, args: string[], expected: RegExp][] = [
    [
      'an unknown environment',
      ['gate', '--capsule', 'CAPSULE', '--env', 'moon'],
      /^environment-unknown: .*production/,
    ],
    [
      'an unknown Capsule',
      ['deploy', '--capsule', 'abcdef', '--env', 'production'],
      /^capsule-unknown: /,
    ],
    ['no environment', ['deploy', '--capsule', 'CAPSULE'], /^usage: .*--env/],
    [
      'nothing to go back to',
      ['rollback', '--env', 'production'],
      /^deploy-failed: There is nothing/,
    ],
  ];
  for (const [name, args, expected] of BAD) {
    it(`exits 2 with one sentence for ${name}`, async () => {
      const filled = args.map((arg) => (arg === 'CAPSULE' ? world.capsule : arg));
      const { exitCode, stdout, stderr } = await world.run(...filled);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, expected);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });
  }
});

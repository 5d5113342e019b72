import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Decision } from '../../../src/model/deploy.ts';
import { flipByte, whileFlipped } from '../../support/alterFile.ts';
import {
  createCommandLine,
  DIST,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

interface World {
  readonly product: TinyRepository;
  readonly commands: CommandLine;
  readonly capsule: string;
  readonly run: (...args: string[]) => ReturnType<CommandLine['meshSim']>;
  readonly describe: (production: object) => Promise<void>;
}

/** "PASS  <simId>" as --quiet prints it. */
function simIdOf(outcome: CommandOutcome): string {
  return outcome.stdout.split(/\s+/)[1] ?? '';
}

async function packedWorld(): Promise<World> {
  const product = await createTinyRepository([healthyService()]);
  const commands = await createCommandLine();
  const run = (...args: string[]) => commands.meshSim(args, product.repo);
  const describe = (production: object) =>
    writeFile(
      path.join(product.repo, 'mesh.environments.json'),
      JSON.stringify({
        environments: {
          production: {
            production: true,
            gate: { allowDegraded: true },
            target: { kind: 'directory', path: '../prod' },
            ...production,
          },
        },
      }),
    );
  await describe({});
  return { product, commands, capsule: (await run('pack')).stdout, run, describe };
}

describe('a Capsule on its way to production', () => {
  let world: World;
  let toProduction: string[];
  let refused: CommandOutcome;
  let first: CommandOutcome;
  /** The run that the refusal asks for, but of fewer nodes, as many as the policy wants. */
  let rehearsed: CommandOutcome;
  let simId: string;
  before(async () => {
    world = await packedWorld();
    toProduction = ['--capsule', world.capsule.slice(0, 10), '--env', 'production'];
    refused = await world.run('deploy', ...toProduction);
    first = await world.run('--capsule', world.capsule, '--from', 'active:production');
    const asked = /mesh-sim (--capsule .*)$/m.exec(refused.stdout)?.[1]?.split(' ') ?? [];
    rehearsed = await world.run(...asked.with(asked.indexOf('--nodes') + 1, '3'), '--quiet');
    simId = simIdOf(rehearsed);
    await world.run('export', simId, '-o', 'good.capsim');
  });
  after(() => world.product.dispose());

  it('is refused with reasons, and with the rehearsal that is missing', () => {
    assert.equal(refused.exitCode, 4, refused.stderr);
    assert.match(
      refused.stdout,
      /REFUSED[^]*no sealed rehearsal[^]*mesh-sim --capsule \S+ --nodes 5/,
    );
    assert.equal(existsSync(path.join(world.product.folder, 'prod/current')), false);
    assert.deepEqual(
      [first.exitCode, first.stderr],
      [
        2,
        'usage: Nothing is active in production yet, so there is nothing to upgrade from: leave out --from for a first start.',
      ],
    );
    assert.equal(rehearsed.exitCode, 0, rehearsed.stdout + rehearsed.stderr);
  });

  it('goes through, and back, and is refused once its evidence was altered', async () => {
    const { run, capsule, product } = world;
    const gate = await run('gate', ...toProduction, '--json');
    assert.equal(gate.exitCode, 0, gate.stdout);
    const decision = JSON.parse(gate.stdout) as Decision & { ledgerIndex: number };
    assert.deepEqual([decision.decision, decision.evidence === undefined], ['allow', false]);

    const deployed = await run('deploy', ...toProduction);
    assert.equal(deployed.exitCode, 0, deployed.stdout + deployed.stderr);
    assert.match(deployed.stdout, /DEPLOYED/);
    const again = await run('deploy', ...toProduction, '--json');
    const last = JSON.parse(again.stdout.split('\n').at(-1) ?? '') as {
      type: string;
      status: string;
    };
    assert.deepEqual([again.exitCode, last.type, last.status], [0, 'end', 'unchanged']);
    const back = await run('rollback', '--env', 'production');
    assert.equal(back.exitCode, 2);
    assert.match(back.stderr, /^deploy-failed: There is nothing to go back to/);

    const upgrade = (from: string) => run('--capsule', capsule, '--from', from);
    const same = await upgrade('active:production');
    assert.equal(same.exitCode, 2);
    assert.match(same.stderr, /upgrade\.from: is the Capsule that is rolled out/);
    const nowhere = await upgrade('active:nowhere');
    assert.equal(nowhere.exitCode, 2);
    assert.match(nowhere.stderr, /^environment-unknown: /);

    const svg = path.join(product.folder, 'trust.svg');
    const trust = await run('trust', '--capsule', capsule, '--svg', svg);
    assert.equal(trust.exitCode, 0, trust.stdout);
    assert.match(
      trust.stdout,
      /Pack[^]*refused Gate of production[^]*Mesh-sim[^]*Gate of production[^]*Deploy to production/,
    );
    assert.match(await readFile(svg, 'utf8'), /^<svg [^]*<\/svg>\n$/);
    const capsim = path.join(product.repo, '.meshsim/runs', simId, 'result.capsim');
    await flipByte(capsim, (await stat(capsim)).size >> 1);
    const unproven = await run('trust', '--capsule', capsule);
    assert.equal(unproven.exitCode, 1);
    assert.match(unproven.stdout, /UNPROVEN[^]*UNPROVEN[^]*UNPROVEN/);
    assert.equal((await run('gate', ...toProduction)).exitCode, 4);
  });

  it('is allowed by oai-verify-sim with exit code 0 and refused with 1, 3 and 4, with nothing but files', async () => {
    const { product, capsule, run } = world;
    const virtual = async (...flags: string[]) => {
      const plan = ['--nodes', '3', '--virtual', '--chaos', 'crash-mid-deploy', '--quiet'];
      return simIdOf(await run('--capsule', capsule, ...plan, '--latency', '1-5', ...flags));
    };
    const runs = {
      virtual: await virtual(),
      failed: await virtual('--loss', '100', '--deadline', '2s'),
    };
    for (const [name, one] of Object.entries(runs))
      await run('export', one, '-o', `${name}.capsim`);
    await writeFile(
      path.join(product.repo, 'pub.pem'),
      (await run('keys', 'export', '--pem')).stdout,
    );
    const manifest = path.join('.meshsim/objects/capsules', capsule, 'capsule.json');
    const pipeline = await createCommandLine();
    const verify = async (
      file: string,
      { capsuleFile = manifest, key = ['--key', 'pub.pem'], nodes = '3' } = {},
    ) => {
      const policy = ['--max-age', '7d', '--min-nodes', nodes, '--require-chaos'];
      const args = ['--file', file, '--capsule', capsuleFile, ...key, ...policy];
      return (await pipeline.verifySim(args, product.repo)).exitCode;
    };
    assert.equal(await verify('good.capsim'), 0);
    assert.equal(await verify('good.capsim', { nodes: '4' }), 4);
    for (const name of ['virtual', 'failed']) {
      assert.equal(await verify(`${name}.capsim`), 4, name);
    }
    assert.equal(await verify('good.capsim', { key: [] }), 3);
    assert.equal(await verify('good.capsim', { capsuleFile: 'mesh.services.json' }), 1);
    await flipByte(path.join(product.repo, 'good.capsim'), 100);
    assert.equal(await verify('good.capsim'), 1);
  });
});

describe('deploying on the command line', () => {
  let world: World;
  beforeEach(async () => (world = await packedWorld()));
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
  let world: World;
  before(async () => (world = await packedWorld()));
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

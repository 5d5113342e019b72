import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { commitAll, gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { foreignRepository } from '../../support/onramp/foreignRepository.ts';
import { PRODUCTS } from '../../support/onramp/products.ts';

const REGISTRY = 'mesh.services.json';

describe('the way in', () => {
  let commands: CommandLine;

  before(async () => {
    commands = await createCommandLine();
  });

  /** Compose, a secret out of git, Node.js and a shell. */
  describe('of a compose product, by one command', () => {
    let folder: string;
    let outcome: Awaited<ReturnType<CommandLine['meshSim']>>;

    before(async () => {
      const product = PRODUCTS['compose for development, with a mounted source']!;
      folder = await foreignRepository(product);
      // Not committed: somebody is in the middle of something.
      await writeFile(path.join(folder, 'notes.txt'), 'later');
      outcome = await commands.meshSim(['try', '--nodes', '2', '--quiet'], folder);
    });

    it('leads to a sealed pass', async () => {
      assert.deepEqual([outcome.exitCode, outcome.stdout.slice(0, 4)], [0, 'PASS'], outcome.stderr);
      const [, simId = ''] = outcome.stdout.split(/\s+/);
      const file = path.join(folder, '.meshsim/runs', simId, 'result.capsim');
      const verified = await commands.verifySim(['--file', file], folder);
      assert.equal(verified.exitCode, 0, verified.stderr);
    });

    it('says what it left open, and that the commit was rehearsed', () => {
      assert.match(outcome.stderr, /API_TOKEN looks like a secret/);
      assert.match(outcome.stderr, /1 files differ from their commit \(notes\.txt\)/);
      assert.match(outcome.stderr, /no gate accepts it/);
    });

    it('edits no file, and adds the registry alone', async () => {
      const status = await gitIn(folder, 'status', '--porcelain');
      assert.deepEqual(status.split('\n').filter(Boolean).sort(), [
        `?? ${REGISTRY}`,
        '?? notes.txt',
      ]);
    });

    it('puts no secret where anybody could read it', async () => {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const file of files) {
        if (!file.isFile() || file.name === '.env') continue;
        const text = await readFile(path.join(file.parentPath, file.name), 'latin1');
        assert.ok(!text.includes('tok_1234567890'), file.name);
      }
    });
  });

  /** Python, npm workspaces and a build, in one product: one run for the step by step way. */
  it('leads through init, pack and a run as well, before and after the registry is committed', async function () {
    const workspaces = PRODUCTS['npm workspaces with builds']!;
    const folder = await foreignRepository(workspaces);
    const drafted = await commands.meshSim(['init'], folder);
    assert.equal(drafted.exitCode, 0, drafted.stderr);
    assert.match(
      drafted.stdout,
      /root +\. +package\.json, workspaces\n.*\n +start +node dist\/server\.js +apps\/web\/package\.json, scripts\.start/,
    );
    const packed = await commands.meshSim(['pack'], folder);
    assert.equal(packed.exitCode, 0, packed.stderr);
    assert.match(packed.stderr, /no gate accepts it/);

    const run = await commands.meshSim(
      [
        '--capsule',
        packed.stdout.trim(),
        '--nodes',
        '2',
        '--latency',
        '5-10',
        '--deadline',
        '10m',
        '--quiet',
      ],
      folder,
    );

    assert.deepEqual([run.exitCode, run.stdout.slice(0, 4)], [0, 'PASS'], run.stdout);
    await commitAll(folder);
    const again = await commands.meshSim(['pack', '--json'], folder);
    assert.deepEqual((JSON.parse(again.stdout) as { dirty: string[] }).dirty, []);
  });

  it('shows what failed, and what it said', async () => {
    const folder = await foreignRepository({
      files: {
        Procfile: 'web: node broken.js\n',
        'broken.js': "console.log('\\u001b[2Jopening'); throw new TypeError('no price list');\n",
      },
    });
    const { exitCode, stdout } = await commands.meshSim(['try', '--nodes', '2'], folder);
    assert.equal(exitCode, 1);
    assert.match(
      stdout,
      /✖ FAIL {2}Service "web" on n\d exited with code 1.*It said: TypeError: no price list/,
    );
    assert.match(stdout, /What web on n\d said last\n(.*\n)* {2}TypeError: no price list\n/);
    const [, nodeId = '', simId = ''] = /on (n\d) exited .*?([0-9a-f-]{36})/.exec(stdout) ?? [];
    const shown = await commands.meshSim(
      ['logs', simId, '--node', nodeId, '--service', 'web'],
      folder,
    );
    assert.match(shown.stdout, /s {2}n\d web {2}.*opening\n(.*\n)*.*TypeError: no price list/);
    assert.ok(!shown.stdout.includes('\u001b[2J'));
    const none = await commands.meshSim(['logs', simId, '--node', 'x'], folder);
    assert.deepEqual([none.exitCode, none.stdout], [2, '']);
    assert.match(none.stderr, /^usage: --node x: expected/);
  });

  describe('where it cannot be gone', () => {
    it('says so in one sentence, exits with 2 and leaves nothing', async () => {
      const cases: readonly [args: string[], folder: string, sentence: RegExp][] = [
        [
          ['try', '--nodes', 'many'],
          await foreignRepository({ files: { Procfile: 'web: node x.js\n' } }),
          /^plan-invalid: /,
        ],
        [['try'], await temporaryFolder(), /^not-a-repository: .* run "git init && git add -A/],
        [
          ['try'],
          await foreignRepository({ files: { 'README.md': 'x' } }),
          /^source-invalid: Nothing in shop says/,
        ],
        [
          ['try'],
          await foreignRepository({ files: { Procfile: 'web: no-such-program --serve\n' } }),
          /^service-failed: The program no-such-program is missing: it is not on this machine, and web\.start need it: install/,
        ],
        [
          ['init'],
          await foreignRepository({ files: { 'compose.yaml': 'services: [' } }),
          /^source-invalid: compose\.yaml is not YAML at line 1/,
        ],
        [
          ['init', '--from', 'x.yml'],
          await foreignRepository({ files: { 'README.md': 'x' } }),
          /^source-invalid: x\.yml is not in this product/,
        ],
        [
          ['init', '--workspace', '/no/such/folder'],
          await temporaryFolder(),
          /^usage: There is no folder \/no\/such\/folder/,
        ],
      ];
      for (const [args, folder, sentence] of cases) {
        const before = await readdir(folder);
        const { exitCode, stderr, stdout } = await commands.meshSim(args, folder);
        assert.equal(exitCode, 2, `${args.join(' ')}: ${stderr}`);
        assert.match(stderr, sentence);
        assert.deepEqual([stderr.trim().split('\n').length, stdout], [1, '']);
        assert.deepEqual(await readdir(folder), before);
      }
    });

    it('replaces no registry unless it is told to, prints one without writing it, and drafts one that misses nothing', async () => {
      const folder = await foreignRepository(PRODUCTS['packages that listen where they like']!);
      const file = path.join(folder, REGISTRY);
      const printed = await commands.meshSim(['init', '--print'], folder);
      assert.equal((JSON.parse(printed.stdout) as { services: unknown[] }).services.length, 2);
      const dry = await commands.meshSim(['init', '--dry-run'], folder);
      assert.match(dry.stdout, /Nothing was written\.$/);
      assert.ok(!existsSync(file));
      await writeFile(file, 'mine');
      const refused = await commands.meshSim(['init'], folder);
      assert.deepEqual([refused.exitCode, await readFile(file, 'utf8')], [2, 'mine']);
      assert.match(refused.stderr, /^usage: There is a .* already: add --force/);
      const forced = await commands.meshSim(['init', '--force', '--json'], folder);
      assert.deepEqual([forced.exitCode, await readFile(file, 'utf8')], [0, printed.stdout + '\n']);
      const { exitCode, stdout } = await commands.meshSim(['doctor'], folder);
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /✔ services +alpha, beta: nothing is missing/);
    });
  });

  describe('mesh-sim doctor', () => {
    it('names what a rehearsal would miss, each with what to do, and exits with 1', async () => {
      const folder = await foreignRepository(PRODUCTS['packages that listen where they like']!);
      const registry = {
        name: 'shop',
        services: [
          {
            name: 'alpha',
            path: 'alpha',
            build: 'no-such-tool install',
            start: ['node', 'index.js'],
            ports: { http: 9 },
            health: { http: { port: 'http', path: '/nowhere' } },
          },
          { name: 'beta', path: 'gamma', start: 'node .', health: { command: 'true' } },
        ],
      };
      await writeFile(path.join(folder, REGISTRY), JSON.stringify(registry));

      const { exitCode, stdout } = await commands.meshSim(['doctor', '--json'], folder);

      const { checks } = JSON.parse(stdout) as {
        checks: { about: string; state: string; found: string; remedy?: string }[];
      };
      assert.equal(exitCode, 1);
      assert.deepEqual(
        checks.slice(0, 7).map(({ about }) => about),
        ['Node.js', 'git', 'isolation', 'wire', 'ports', 'disk', 'keys'],
      );
      assert.ok(checks.every(({ state, remedy }) => state === 'ok' || remedy !== undefined));
      const told = checks
        .map(({ about, state, found }) => `${state} ${about}: ${found}`)
        .join('\n');
      assert.match(told, /fail no-such-tool: it is not on this machine, and alpha\.build need it/);
      assert.match(
        told,
        /warn alpha: its code seems to listen on 4101 \(alpha\/index\.js:1\), and its "ports" say 9/,
      );
      assert.match(told, /warn alpha: nothing in alpha says "nowhere"/);
      assert.match(told, /fail content: There is no folder "gamma" in commit [0-9a-f]{12} of /);
      await rm(folder, { recursive: true });
    });
  });
});

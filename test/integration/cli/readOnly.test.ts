import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { DIST } from '../../support/commandLine.ts';
import { deployed, type Deployed } from '../../support/deployedCapsule.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { giveToLonelyUser, lonelyUser } from '../../support/scarce.ts';
import { canMountReadOnly, insideReadOnly } from '../../support/readOnlyMount.ts';

/** A copy of a workspace with everything in it, of its keys, and a place that can be written. */
interface Copy {
  readonly folder: string;
  readonly configFolder: string;
  readonly elsewhere: string;
  readonly capsule: string;
  readonly simId: string;
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const ROUTES: readonly ((copy: Copy) => string)[] = [
  () => '/api/workspace',
  () => '/api/provenance',
  () => '/api/provenance/graph',
  () => '/api/capsules',
  () => '/api/environments',
  ({ simId }) => `/api/mesh-sim/${simId}/evidence`,
];

type Wrapped = (folder: string, command: readonly string[]) => [string, ...string[]];

async function copyOf({ world, capsule }: Deployed): Promise<Copy> {
  const to = await temporaryFolder();
  const [folder, configFolder] = [path.join(to, 'repo'), path.join(to, 'config')];
  const elsewhere = path.join(to, 'elsewhere');
  await cp(world.folder, folder, { recursive: true, verbatimSymlinks: true });
  await cp(world.workspace.options.configFolder, configFolder, { recursive: true });
  await mkdir(elsewhere);
  const runs = await readdir(path.join(folder, '.meshsim', 'runs'), { withFileTypes: true });
  const simId = runs.find((entry) => entry.isDirectory() && entry.name.length === 36)?.name ?? '';
  return { folder, configFolder, elsewhere, capsule, simId };
}

/** Every file below a folder with its content. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    found.set(
      path.relative(folder, file),
      entry.isFile() ? (await readFile(file)).toString('base64') : '',
    );
  }
  return found;
}

function environmentOf({ configFolder }: Copy): NodeJS.ProcessEnv {
  return { ...process.env, MESH_SIM_CONFIG: configFolder, NO_COLOR: '1' };
}

async function run(wrap: Wrapped, copy: Copy, bundle: string, args: string[]): Promise<Ended> {
  const [program, ...rest] = wrap(copy.folder, [
    process.execPath,
    path.join(DIST, bundle),
    ...args,
  ]);
  const options = { cwd: copy.folder, env: environmentOf(copy), extendEnv: false, reject: false };
  const { exitCode, stdout, stderr } = await execa(program, rest, { ...options, stdin: 'ignore' });
  return { exitCode, stdout, stderr };
}

function reading({ capsule, simId, elsewhere }: Copy): [bundle: string, args: string[]][] {
  const output = path.join(elsewhere, 'run.capsim');
  return [
    ['meshSim.cjs', ['trust']],
    ['meshSim.cjs', ['trust', '--capsule', capsule.slice(0, 8), '--json']],
    ['meshSim.cjs', ['ledger', 'list']],
    ['meshSim.cjs', ['ledger', 'verify']],
    ['meshSim.cjs', ['show', simId]],
    ['meshSim.cjs', ['export', simId, '--output', output]],
    ['meshSim.cjs', ['gate', '--capsule', capsule, '--env', 'production', '--dry-run']],
    ['verifySim.cjs', ['--file', output]],
  ];
}

/** With what each has to say: no place it could write to is left. */
function writing({ capsule }: Copy): [args: string[], sentence: RegExp][] {
  return [
    [['pack', '--allow-dirty'], /^disk-failed: .*(EROFS|EACCES)\)/],
    [
      ['gate', '--capsule', capsule, '--env', 'production'],
      /^disk-failed: The gate .*recorded\..*(EROFS|EACCES)\).*--dry-run/,
    ],
    [
      ['--capsule', capsule, '--nodes', '2'],
      /^disk-failed: No run was started: .*(EROFS|EACCES)\)/,
    ],
    [
      ['deploy', '--capsule', capsule, '--env', 'production'],
      /^disk-failed: The disk is read-only |^deploy-failed: Nothing can be written .*EACCES.*you may write there/,
    ],
    [['export', '0000'], /^run-unknown: /],
  ];
}

async function assertReads(wrap: Wrapped, copy: Copy): Promise<void> {
  for (const [bundle, args] of reading(copy)) {
    const { exitCode, stdout, stderr } = await run(wrap, copy, bundle, args);
    assert.equal(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    assert.equal(stderr, '', args.join(' '));
  }
}

async function assertRefusesToWrite(wrap: Wrapped, copy: Copy): Promise<void> {
  for (const [args, sentence] of writing(copy)) {
    const { exitCode, stdout, stderr } = await run(wrap, copy, 'meshSim.cjs', args);
    assert.notEqual(exitCode, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
}

describe('a workspace that can only be read', () => {
  let deploy: Deployed;
  let copy: Copy;
  before(async () => {
    deploy = await deployed();
  });
  after(() => deploy.world.dispose());
  beforeEach(async () => {
    copy = await copyOf(deploy);
    // What is kept for speed alone is made again by whoever may write.
    await rm(path.join(copy.folder, '.meshsim', 'index.json'));
    await rm(path.join(copy.folder, '.meshsim', 'runs', copy.simId, 'result.capsim'));
  });
  afterEach(() => rm(path.dirname(copy.folder), { recursive: true, force: true }));

  describe('because it is mounted so', () => {
    before(async function () {
      if (!(await canMountReadOnly(await temporaryFolder()))) this.skip();
    });

    it('is read in every way, and says in one sentence what cannot be written', async () => {
      const before = await contentOf(copy.folder);
      await assertReads(insideReadOnly, copy);
      await assertRefusesToWrite(insideReadOnly, copy);
      assert.deepEqual(await contentOf(copy.folder), before);
    });

    it('is shown by the Studio', async () => {
      const command = [process.execPath, path.join(DIST, 'meshSim.cjs'), 'studio'];
      const [program, ...args] = insideReadOnly(copy.folder, command);
      const child = spawn(program, args, {
        env: environmentOf(copy),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      try {
        const [printed] = (await once(child.stdout, 'data')) as [Buffer];
        const url = new URL(printed.toString().trim());
        const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? url.hash.slice(1);
        const headers = { authorization: `Bearer ${token}` };
        for (const route of ROUTES) {
          const response = await fetch(new URL(route(copy), url), { headers });
          assert.equal(response.status, 200, `${route(copy)}: ${await response.text()}`);
        }
      } finally {
        child.kill('SIGTERM');
        await exited;
      }
    });
  });

  it('because this user owns none of it is read too, and not written', async function () {
    // Root may write whatever a mode says, and so becomes somebody who may not.
    const user = process.getuid?.() === 0 ? lonelyUser() : [];
    if (user === undefined || process.platform === 'win32') this.skip();
    const folders = [copy.folder];
    for (const entry of await readdir(copy.folder, { withFileTypes: true, recursive: true })) {
      if (entry.isDirectory()) folders.push(path.join(entry.parentPath, entry.name));
    }
    const here: Wrapped = (_, command) => [...user, ...command] as [string, ...string[]];
    try {
      if (user.length > 0) await giveToLonelyUser([path.dirname(copy.folder)]);
      for (const folder of folders) await chmod(folder, 0o555);
      await assertReads(here, copy);
      await assertRefusesToWrite(here, copy);
    } finally {
      for (const folder of folders) await chmod(folder, 0o755);
    }
  });

  it('with no keys at hand is not believed, and none are made', async () => {
    await rm(copy.configFolder, { recursive: true });
    const asked = [['trust'], ['ledger', 'verify'], ['ledger', 'list'], ['show', copy.simId]];
    for (const args of asked) {
      const here: Wrapped = (_, [program = '', ...rest]) => [program, ...rest];
      const { exitCode, stdout, stderr } = await run(here, copy, 'meshSim.cjs', args);
      assert.notEqual(exitCode, 0, args.join(' '));
      assert.match(stdout + stderr, /there is no ledger key in /, args.join(' '));
    }
    await assert.rejects(readdir(copy.configFolder), { code: 'ENOENT' });
  });
});

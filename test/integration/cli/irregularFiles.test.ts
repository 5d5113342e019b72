import assert from 'node:assert/strict';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { AskedWorkspace, ProvenanceAnswer } from '../../support/askProvenanceChild.ts';
import { DIST } from '../../support/commandLine.ts';
import { deployed, fresh, type Deployed } from '../../support/deployedCapsule.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { placeFifo } from '../../support/irregularFiles.ts';
import { storedFiles, type SignedKind, type StoredFile } from '../../support/storedFiles.ts';

const ASK = path.join(import.meta.dirname, '../../support/askProvenanceChild.ts');

/** No command takes this long; one that hangs in a FIFO would take for ever, whatever signal it is sent. */
const HANGS_MS = 60_000;

interface Ended {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** A copy of everything, in which things may be replaced. */
interface Copy {
  readonly folder: string;
  readonly configFolder: string;
  readonly capsule: string;
}

async function copyOf({ world, capsule }: Deployed): Promise<Copy> {
  const to = await temporaryFolder();
  const [folder, configFolder] = [path.join(to, 'repo'), path.join(to, 'config')];
  await cp(world.folder, folder, { recursive: true, verbatimSymlinks: true });
  await cp(world.workspace.options.configFolder, configFolder, { recursive: true });
  return { folder, configFolder, capsule };
}

async function run(bundle: string, args: string[], copy: Copy): Promise<Ended> {
  const ended = await execa(process.execPath, [path.join(DIST, bundle), ...args], {
    cwd: copy.folder,
    env: { ...process.env, MESH_SIM_CONFIG: copy.configFolder, NO_COLOR: '1' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
  });
  assert.equal(ended.timedOut, false, `${args.join(' ')} hangs`);
  const output = `${ended.stdout}${ended.stderr}`;
  assert.doesNotMatch(output, /^ +at |internal/m, args.join(' '));
  return { exitCode: ended.exitCode, output };
}

/** What the chain of trust and the gate say of each. */
async function provenanceOf(copies: readonly AskedWorkspace[]): Promise<ProvenanceAnswer[]> {
  const ended = await execa(process.execPath, [ASK], {
    input: JSON.stringify(copies),
    reject: false,
    timeout: HANGS_MS,
    killSignal: 'SIGKILL',
  });
  const lines = ended.stdout.split('\n').map((line) => JSON.parse(line) as ProvenanceAnswer);
  const last = lines.at(-1);
  assert.equal(ended.timedOut, false, `${last?.asked ?? ''} of ${last?.name ?? ''} hangs`);
  assert.equal(ended.exitCode, 0, ended.stderr);
  const answers = lines.filter(({ isAllowed }) => isAllowed !== undefined);
  assert.equal(answers.length, 2 * copies.length);
  return answers;
}

/** What the gate does not need: other programs' copies, and what can be made again. */
const NOT_NEEDED: readonly (StoredFile['kind'] | SignedKind)[] = [
  'index',
  'build',
  'lock note',
  'setting',
];

describe('a FIFO in the place of', function () {
  let deploy: Deployed;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    deploy = await deployed();
  });

  it('any stored file stops neither the gate nor the chain of trust, and lets nothing through', async () => {
    const { folder } = deploy.world;
    const one = new Map<StoredFile['kind'], string>();
    for (const { file, kind } of await storedFiles(fresh(deploy.world))) {
      one.set(kind, path.relative(folder, file));
    }
    assert.ok(one.size > 15, 'all kinds are there');
    const copies: AskedWorkspace[] = [];
    for (const [kind, name] of one) {
      const copy = await copyOf(deploy);
      await placeFifo(path.join(copy.folder, name));
      copies.push({ ...copy, name: kind ?? name });
    }
    for (const { name, asked, isAllowed, said } of await provenanceOf(copies)) {
      const isNeeded = !NOT_NEEDED.includes(name as StoredFile['kind']);
      assert.equal(isAllowed, !isNeeded, `${asked} of ${name}: ${said}`);
    }
    // As a person is told of one of them.
    const [copy] = copies.filter(({ name }) => name === 'checkpoint');
    assert.ok(copy !== undefined);
    for (const [args, refused] of [
      [['trust'], 1],
      [['gate', '--env', 'production'], 4],
    ] as const) {
      const asked = [...args, '--capsule', copy.capsule];
      const { exitCode, output } = await run('meshSim.cjs', asked, copy);
      assert.equal(exitCode, refused, output);
    }
  });

  it('any file a person names or configures ends the command with one sentence', async () => {
    const copy = await copyOf(deploy);
    const fifo = path.join(copy.folder, 'fifo');
    await placeFifo(fifo);
    const { capsule } = copy;
    const named: [bundle: string, args: string[]][] = [
      ['verifySim.cjs', ['--file', fifo]],
      ['verifySim.cjs', ['--file', fifo, '--key', fifo]],
      ['verifySim.cjs', ['--file', fifo, '--log-key', fifo]],
      ['verifySim.cjs', ['--file', fifo, '--capsule', fifo]],
      ['verifySim.cjs', ['--file', fifo, '--allowed-signers', fifo]],
      ['meshSim.cjs', ['pack', '--registry', fifo]],
      ['meshSim.cjs', ['--capsule', capsule, '--config', fifo]],
      ['meshSim.cjs', ['ledger', 'verify', '--since', fifo]],
      ['meshSim.cjs', ['vault', 'import', fifo]],
    ];
    for (const [bundle, args] of named) {
      const { exitCode, output } = await run(bundle, args, copy);
      assert.equal(exitCode, 2, `${args.join(' ')}: ${output}`);
      assert.match(output, /fifo.*(is|is a) .*FIFO|it is a FIFO/, args.join(' '));
      assert.equal(output.trim().split('\n').length, 1, output);
    }
  });

  it('keys, signers, environments or a vault ends the command with one sentence', async () => {
    const places = [
      ['config', 'capsule.pem'],
      ['config', 'ledger.pem'],
      ['config', 'allowed_signers'],
      ['repo', 'mesh.environments.json'],
      ['config', 'vault', 'production.age'],
    ];
    for (const place of places) {
      const copy = await copyOf(deploy);
      const file = path.join(path.dirname(copy.folder), ...place);
      await mkdir(path.dirname(file), { recursive: true });
      await placeFifo(file);
      const args = place.includes('vault')
        ? ['vault', 'list', '--scope', 'production']
        : ['gate', '--capsule', copy.capsule, '--env', 'production'];
      const { exitCode, output } = await run('meshSim.cjs', args, copy);
      assert.equal(exitCode, 2, `${place.join('/')}: ${output}`);
      assert.match(output, /^[a-z-]+: .*is a FIFO, not a regular file.*\.\n?$/, place.join('/'));
    }
  });
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { rollBack } from '../../../src/studio/deploy/deployRollback.ts';
import { DIST } from '../../support/commandLine.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { sentenceOf } from '../../support/rejection.ts';

const NEVER = new AbortController().signal;

describe('a deploy whose process is killed', () => {
  let world: DeployWorld;
  let log: string;
  let first: string;
  let second: string;
  beforeEach(async () => {
    world = await createDeployWorld();
    log = path.join(world.outside, 'log');
    first = await world.pack();
    second = await world.packChange('2');
  });
  afterEach(() => world.dispose());

  /** Notes each run in the log, says so, and hangs while there is a pipe that nobody has written to. */
  const command = (): string =>
    `echo "$MESH_SIM_ACTION $MESH_SIM_CAPSULE $MESH_SIM_PREVIOUS" >> '${log}'; echo begun; if [ -p '${hang()}' ]; then cat '${hang()}'; fi`;
  const hang = () => path.join(world.outside, 'hang');
  const staging = (target: object) => world.describe({ staging: { target } });
  const directory = (more: object = {}) =>
    staging({ kind: 'directory', path: '../outside', activate: { run: command() }, ...more });
  const noted = async () => (await readFile(log, 'utf8')).trimEnd().split('\n');
  const current = async () => path.basename(await readlink(path.join(world.outside, 'current')));
  const statuses = async () =>
    (await listProvenance(world.workspace)).flatMap(({ entry }) =>
      entry.kind === 'deploy' ? [`${entry.status} ${entry.capsuleHash}`] : [],
    );

  /** As a person would: the command line in a process of its own, ended by force while its command runs. */
  async function killedDeploy(capsule: string): Promise<void> {
    await execa('mkfifo', [hang()]);
    const child = execa(
      process.execPath,
      [path.join(DIST, 'meshSim.cjs'), 'deploy', '--capsule', capsule, '--env', 'staging'],
      {
        cwd: world.folder,
        env: { MESH_SIM_CONFIG: world.workspace.options.configFolder },
        reject: false,
      },
    );
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        if (bytes.includes('begun')) resolve();
      });
    });
    child.kill('SIGKILL');
    await child;
    await writeFile(hang(), '');
    await rm(hang());
    await rm(log);
    await abandonLocks();
  }

  /** As if the seconds had passed after which a lock that nobody touches is taken over. */
  async function abandonLocks(): Promise<void> {
    const { deploys } = world.workspace.paths;
    for (const folder of [path.join(deploys, 'staging'), world.outside]) {
      const lock = path.join(folder, '.deploy.lock');
      if (existsSync(lock)) await utimes(lock, new Date(0), new Date(0));
    }
  }

  it('is done again, whole, and what was active before it is still known', async () => {
    await directory();
    await world.deploy('staging', first);
    await killedDeploy(second);
    assert.equal(await current(), second);
    const again = await world.deploy('staging', second);
    assert.equal(again.status, 'deployed');
    assert.equal(again.recorded?.record.previous, first);
    assert.deepEqual(await noted(), [`deploy ${second} ${first}`]);
    assert.equal((await world.deploy('staging', second)).status, 'unchanged');
    assert.deepEqual(await statuses(), [`deployed ${first}`, `deployed ${second}`]);
  });

  it('is left by a rollback to what was deployed last', async () => {
    await directory();
    await world.deploy('staging', second);
    await world.deploy('staging', first);
    await killedDeploy(second);
    const request = { environment: 'staging', signal: NEVER, listener: world.listener };
    const { record } = await rollBack(world.workspace, request);
    assert.deepEqual([record.status, record.active], ['rolled-back', first]);
    assert.equal(await current(), first);
    assert.equal((await world.deploy('staging', first)).status, 'unchanged');
  });

  it('leaves nothing that a command target takes for done', async () => {
    await staging({ kind: 'command', run: command() });
    await world.deploy('staging', first);
    await killedDeploy(second);
    assert.equal((await world.deploy('staging', first)).status, 'deployed');
    assert.deepEqual(await noted(), [`deploy ${first} ${first}`]);
    assert.equal((await world.deploy('staging', first)).status, 'unchanged');
  });

  it('is not what a later deploy that fails goes back to', async () => {
    await directory();
    await world.deploy('staging', first);
    await killedDeploy(second);
    const third = await world.packChange('3');
    await directory({ health: [{ command: 'false', intervalMs: 20, deadlineMs: 100 }] });
    const { status, recorded } = await world.deploy('staging', third);
    assert.deepEqual([status, recorded?.record.active], ['failed', first]);
    assert.equal(await current(), first);
  });
});

describe('what somebody removed from a target', () => {
  let world: DeployWorld;
  beforeEach(async () => (world = await createDeployWorld()));
  afterEach(() => world.dispose());
  const staging = (more: object = {}) =>
    world.describe({ staging: { target: { kind: 'directory', path: '../outside', ...more } } });
  const release = (hash: string) => path.join(world.outside, 'releases', hash);

  it('is laid out anew when the active release is deployed again', async () => {
    await staging();
    const capsule = await world.pack();
    await world.deploy('staging', capsule);
    await rm(release(capsule), { recursive: true });
    assert.equal((await world.deploy('staging', capsule)).status, 'deployed');
    assert.ok(existsSync(path.join(world.outside, 'current', 'capsule.json')));
  });

  it('is no reason for a rollback to go anywhere but to the one before', async () => {
    await staging();
    const [first, second] = [await world.pack(), await world.packChange('2')];
    await world.deploy('staging', first);
    await world.deploy('staging', second);
    await rm(release(second), { recursive: true });
    const request = { environment: 'staging', signal: NEVER, listener: world.listener };
    assert.equal((await rollBack(world.workspace, request)).record.active, first);
  });

  it('is laid out anew when a deploy that failed goes back to it', async () => {
    await staging();
    const good = await world.pack();
    await world.deploy('staging', good);
    const bad = await world.packChange('2');
    const health = [{ command: 'false', intervalMs: 20, deadlineMs: 100 }];
    await staging({ prepare: { run: 'echo built > built' }, health });
    await rm(release(good), { recursive: true });
    const { recorded } = await world.deploy('staging', bad);
    assert.equal(recorded?.record.active, good);
    assert.ok(existsSync(path.join(world.outside, 'current', 'capsule.json')));
    assert.ok(existsSync(path.join(world.outside, 'current', 'built')));
  });
});

describe('a rollback', () => {
  let world: DeployWorld;
  beforeEach(async () => (world = await createDeployWorld()));
  afterEach(() => world.dispose());
  const request = () => ({ environment: 'staging', signal: NEVER, listener: world.listener });

  it('tells commands that it is one', async () => {
    const log = path.join(world.outside, 'log');
    const run = `echo "$0 $MESH_SIM_ACTION" >> '${log}'`;
    const [first, second] = [await world.pack(), await world.packChange('2')];
    const target = { kind: 'directory', path: '../outside', prepare: { run }, activate: { run } };
    await world.describe({ staging: { target } });
    await world.deploy('staging', first);
    await world.deploy('staging', second);
    await rm(log);
    await rollBack(world.workspace, request());
    assert.deepEqual((await readFile(log, 'utf8')).match(/\w+$/gm), ['rollback', 'rollback']);
  });

  it('runs the rollback command of a command target, in the tree it goes back to', async () => {
    const log = path.join(world.outside, 'log');
    const note = (word: string) => `echo "${word} $MESH_SIM_CAPSULE" >> '${log}'`;
    const [first, second] = [await world.pack(), await world.packChange('2')];
    await world.describe({
      staging: { target: { kind: 'command', run: note('run'), rollback: note('back') } },
    });
    await world.deploy('staging', first);
    await world.deploy('staging', second);
    await rollBack(world.workspace, request());
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(lines, [`run ${first}`, `run ${second}`, `back ${first}`]);
  });

  it('takes no empty hash for the newest Capsule', async () => {
    await world.describe({ staging: { target: { kind: 'directory', path: '../outside' } } });
    for (const version of ['2', '3']) {
      await world.deploy('staging', await world.packChange(version));
    }
    await sentenceOf('usage', rollBack(world.workspace, { ...request(), to: '' }));
  });
});

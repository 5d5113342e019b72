import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rollBack } from '../../../src/studio/deploy/deployRollback.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { commitAll } from '../../support/harborPay.ts';
import { sentenceOf } from '../../support/rejection.ts';
import { hasSshServer, startSshServer, type SshServer } from '../../support/sshServer.ts';

const suite = hasSshServer ? describe : describe.skip;
const name = hasSshServer
  ? 'deploying over ssh to a real sshd'
  : 'deploying over ssh (skipped: no sshd here, install openssh-server)';

suite(name, () => {
  let world: DeployWorld;
  let server: SshServer;
  let place: string;
  beforeEach(async () => {
    world = await createDeployWorld();
    server = await startSshServer(path.join(world.outside, 'ssh'));
    place = path.join(world.outside, "it's remote");
  });
  afterEach(async () => {
    await server.stop();
    await world.dispose();
  });

  const staging = (more: object = {}) => {
    const { host, port, options } = server;
    const target = { kind: 'ssh', host, port, options, path: place, ...more };
    return world.describe({ staging: { target } });
  };
  const current = async () => path.basename(await readlink(path.join(place, 'current')));

  it('lays the Capsule out there, compares what arrived, switches, keeps n, and goes back', async () => {
    await staging({ keep: 2, health: [{ command: 'test -f web/server.mjs', deadlineMs: 5_000 }] });
    const hashes: string[] = [];
    for (const version of ['1', '2', '3']) {
      const hash = await world.packChange(version);
      hashes.push(hash);
      const { status, recorded } = await world.deploy('staging', hash);
      assert.equal(status, 'deployed', recorded?.record.cause);
      assert.equal(await current(), hash);
    }
    const kept = await readdir(path.join(place, 'releases'));
    assert.deepEqual(kept.sort(), hashes.slice(1).sort());
    const release = path.join(place, 'current');
    assert.equal(await readFile(path.join(release, 'web/version.txt'), 'utf8'), '3');
    assert.equal((await world.deploy('staging', hashes[2] ?? '')).status, 'unchanged');
    const { record } = await rollBack(world.workspace, {
      environment: 'staging',
      signal: new AbortController().signal,
      listener: world.listener,
    });
    assert.deepEqual([record.status, record.active], ['rolled-back', hashes[1]]);
    assert.equal(await current(), hashes[1]);
  });

  it('lays out a root once for the services that share it, and anew when a link leads elsewhere', async () => {
    const service = { root: '.', start: 'x', health: { command: 'true' } };
    const services = [
      { ...service, name: 'web', path: 'web' },
      { ...service, name: 'all', path: '.' },
    ];
    await writeFile(
      path.join(world.folder, 'mesh.services.json'),
      JSON.stringify({ name: 'tiny', services }),
    );
    await staging();
    await commitAll(world.folder);
    const hash = await world.pack();
    assert.equal((await world.deploy('staging', hash)).status, 'deployed');
    const release = path.join(place, 'releases', hash);
    assert.deepEqual((await readdir(release)).sort(), ['all', 'capsule.json', 'web']);
    assert.equal(await readlink(path.join(release, 'all')), 'web');
    assert.ok(existsSync(path.join(release, 'all/web/server.mjs')));
    assert.equal((await world.deploy('staging', hash)).status, 'unchanged');
    await rm(path.join(release, 'all'));
    await symlink('..', path.join(release, 'all'));
    assert.equal((await world.deploy('staging', hash)).status, 'deployed');
    assert.equal(await readlink(path.join(release, 'all')), 'web');
  });

  it('runs its commands there with the facts, and goes back when they fail', async () => {
    const told = path.join(world.outside, 'told');
    const run = `echo "$MESH_SIM_ACTION $(basename "$(pwd)")" >> '${told}'`;
    await staging({ activate: { run } });
    const good = await world.pack();
    await world.deploy('staging', good);
    const bad = await world.packChange('2');
    await staging({
      activate: { run },
      health: [{ command: ['test', '-f', 'no such'], intervalMs: 20, deadlineMs: 200 }],
    });
    const { status, recorded } = await world.deploy('staging', bad);
    assert.deepEqual([status, recorded?.record.active], ['failed', good]);
    assert.equal(await current(), good);
    const lines = (await readFile(told, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(lines, [`deploy ${good}`, `deploy ${bad}`, `rollback ${good}`]);
  });

  it('does again what was never settled, and lays out anew what was removed there', async () => {
    await staging();
    const good = await world.pack();
    await world.deploy('staging', good);
    assert.equal(existsSync(path.join(place, '.deploy-unsettled')), false);
    await writeFile(path.join(place, '.deploy-unsettled'), '');
    assert.equal((await world.deploy('staging', good)).status, 'deployed');
    await rm(path.join(place, 'releases', good), { recursive: true });
    assert.equal((await world.deploy('staging', good)).status, 'deployed');
    assert.equal((await world.deploy('staging', good)).status, 'unchanged');

    await rm(path.join(place, 'releases', good), { recursive: true });
    await staging({ health: [{ command: 'false', intervalMs: 20, deadlineMs: 200 }] });
    const { recorded } = await world.deploy('staging', await world.packChange('2'));
    assert.equal(recorded?.record.active, good);
    assert.ok(existsSync(path.join(place, 'current', 'capsule.json')));
  });

  it('is refused while another machine deploys there, naming it', async () => {
    await staging();
    const lock = path.join(place, '.deploy.lock');
    await mkdir(lock, { recursive: true });
    const owner = { environment: 'staging', what: 'the deploy of Capsule abc', since: 'noon' };
    await writeFile(
      path.join(lock, 'owner'),
      JSON.stringify({ ...owner, pid: 4_711, host: 'pier9' }),
    );
    const sentence = await sentenceOf('deploy-busy', world.deploy('staging', await world.pack()));
    assert.match(sentence, /Capsule abc \(process 4711 on pier9.*If it died, remove/);
  });

  it('says in one sentence that there is no way to the machine', async () => {
    await staging();
    await server.stop();
    const sentence = await sentenceOf('deploy-failed', world.deploy('staging', await world.pack()));
    assert.match(sentence, /^ssh .* failed\..*refused/);
  });
});

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MeshSimError } from '../../../src/base/errors.ts';
import { loadCapsule } from '../../../src/capsule/load.ts';
import { packedServices } from '../../../src/model/capsule.ts';
import { deployCapsule } from '../../../src/studio/deploy/deployCapsule.ts';
import { listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { rollBack } from '../../../src/studio/deploy/deployRollback.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { sentenceOf } from '../../support/rejection.ts';

const NEVER = new AbortController().signal;
const QUICK = { intervalMs: 50, deadlineMs: 1_500 };

async function present(file: string): Promise<void> {
  while (!existsSync(file)) await setTimeout(20);
}

describe('deploying to a directory', () => {
  let world: DeployWorld;
  beforeEach(async () => (world = await createDeployWorld()));
  afterEach(() => world.dispose());

  const staging = (more: object = {}) =>
    world.describe({ staging: { target: { kind: 'directory', path: '../outside', ...more } } });
  const current = () =>
    readlink(path.join(world.outside, 'current')).then((link) => path.basename(link));
  const deploys = async () =>
    (await listProvenance(world.workspace)).flatMap(({ entry }) =>
      entry.kind === 'deploy' ? [`${entry.status} ${entry.capsuleHash.slice(0, 6)}`] : [],
    );

  it('lays out what was signed, not what lies in the working tree', async () => {
    await staging();
    const capsule = await world.pack();
    await writeFile(path.join(world.folder, 'web/server.mjs'), 'not committed');
    const { status } = await world.deploy('staging', capsule.slice(0, 8));
    assert.equal(status, 'deployed');
    assert.equal(await current(), capsule);
    const release = path.join(world.outside, 'current');
    assert.deepEqual((await readdir(release)).sort(), ['capsule.json', 'web']);
    assert.match(await readFile(path.join(release, 'web/server.mjs'), 'utf8'), /createServer/);
  });

  it('does nothing for a Capsule that is active already, and records only the decision', async () => {
    await staging();
    const capsule = await world.pack();
    await world.deploy('staging', capsule);
    const again = await world.deploy('staging', capsule);
    assert.deepEqual([again.status, again.recorded], ['unchanged', undefined]);
    const kinds = (await listProvenance(world.workspace)).map(({ entry }) => entry.kind);
    assert.deepEqual(kinds, ['pack', 'gate-decision', 'deploy', 'gate-decision']);
  });

  it('goes back by itself when a health check fails, says which, and records it', async () => {
    await staging();
    const good = await world.pack();
    await world.deploy('staging', good);
    const bad = await world.packChange('2');
    await staging({ health: [{ name: 'door', command: ['test', '-f', 'no.such'], ...QUICK }] });
    const { status, recorded } = await world.deploy('staging', bad);
    assert.equal(status, 'failed');
    assert.match(
      recorded?.record.cause ?? '',
      /"door" did not pass within 1500 ms: it exited with code 1/,
    );
    assert.equal(recorded?.record.active, good);
    assert.equal(await current(), good);
    assert.deepEqual(await deploys(), [
      `deployed ${good.slice(0, 6)}`,
      `failed ${bad.slice(0, 6)}`,
    ]);
  });

  it('has nothing active when the very first deploy fails', async () => {
    await staging({ health: [{ url: 'http://127.0.0.1:9/', ...QUICK }] });
    const { status, recorded } = await world.deploy('staging', await world.pack());
    assert.deepEqual([status, recorded?.record.active], ['failed', undefined]);
    assert.equal(existsSync(path.join(world.outside, 'current')), false);
  });

  it('waits for a url that answers well only after a while', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(asked < 3 ? 503 : 200).end();
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await staging({ health: [{ url, intervalMs: 20, deadlineMs: 20_000 }] });
      assert.equal((await world.deploy('staging', await world.pack())).status, 'deployed');
      assert.equal(asked, 3);
    } finally {
      server.close();
    }
  });

  it('runs prepare before, and activate after the switch, in the release and with the facts', async () => {
    const log = path.join(world.outside, 'log');
    const note = (word: string) =>
      `echo ${word} $MESH_SIM_ACTION $(basename "$PWD") $(readlink ../../current) >> '${log}'`;
    await staging({ prepare: { run: note('prepare') }, activate: { run: note('activate') } });
    const capsule = await world.pack();
    await world.deploy('staging', capsule);
    assert.deepEqual((await readFile(log, 'utf8')).trimEnd().split('\n'), [
      `prepare deploy ${capsule}`,
      `activate deploy ${capsule} releases/${capsule}`,
    ]);
  });

  it('keeps what is active when prepare fails, and tells its last line', async () => {
    await staging();
    const good = await world.pack();
    await world.deploy('staging', good);
    await staging({ prepare: { run: 'echo the compiler is missing >&2; exit 3' } });
    const { recorded } = await world.deploy('staging', await world.packChange('2'));
    assert.match(
      recorded?.record.cause ?? '',
      /exited with code 3\. Its last line: the compiler is missing/,
    );
    assert.equal(await current(), good);
  });

  it('keeps the number of releases it is told to, the active one among them', async () => {
    await staging({ keep: 2 });
    const hashes: string[] = [];
    for (const version of ['1', '2', '3']) {
      hashes.push(await world.packChange(version));
      await world.deploy('staging', hashes.at(-1) ?? '');
    }
    const kept = await readdir(path.join(world.outside, 'releases'));
    assert.deepEqual(kept.sort(), hashes.slice(1).sort());
  });

  it('goes back on request, lays the release out anew, and goes no further than there is', async () => {
    await staging();
    const [first, second] = [await world.pack(), await world.packChange('2')];
    await world.deploy('staging', first);
    await world.deploy('staging', second);
    const tampered = path.join(world.outside, 'releases', first, 'web/server.mjs');
    await writeFile(tampered, 'altered on the server');
    const request = { environment: 'staging', signal: NEVER, listener: world.listener };
    const { record } = await rollBack(world.workspace, request);
    assert.deepEqual([record.status, record.active], ['rolled-back', first]);
    assert.match(await readFile(tampered, 'utf8'), /createServer/);
    await sentenceOf('deploy-failed', rollBack(world.workspace, request));
    const forward = await rollBack(world.workspace, { ...request, to: second.slice(0, 10) });
    assert.equal(forward.record.active, second);
  });

  it('is cancelled while it is activated: what was active before is active again, and it is told', async () => {
    await staging();
    const good = await world.pack();
    await world.deploy('staging', good);
    const marker = path.join(world.outside, 'started');
    const run = `[ "$MESH_SIM_ACTION" = rollback ] || { touch '${marker}'; sleep 300; }`;
    await staging({ activate: { run } });
    const next = await world.packChange('2');
    const controller = new AbortController();
    const deploying = world.deploy('staging', next, controller.signal);
    await present(marker);
    assert.equal(await current(), next);
    controller.abort(new MeshSimError('interrupted', 'Cancelled by the test.'));
    const { status, recorded } = await deploying;
    assert.deepEqual([status, recorded?.record.cause], ['failed', 'Cancelled by the test.']);
    assert.equal(await current(), good);
  });

  it('refuses a second deploy to one environment, naming the first', async () => {
    const marker = path.join(world.outside, 'started');
    const go = path.join(world.outside, 'go');
    await staging({
      prepare: { run: `touch '${marker}'; while [ ! -f '${go}' ]; do sleep 0.05; done` },
    });
    const first = await world.pack();
    const deploying = world.deploy('staging', first);
    await present(marker);
    const sentence = await sentenceOf('deploy-busy', world.deploy('staging', first));
    assert.ok(sentence.includes(first.slice(0, 12)) && sentence.includes(String(process.pid)));
    await writeFile(go, '');
    assert.equal((await deploying).status, 'deployed');
    assert.equal((await world.deploy('staging', first)).status, 'unchanged');
  });

  it('says in one sentence where nothing can be written', async () => {
    const capsule = await world.pack();
    await writeFile(path.join(world.outside, 'file'), '');
    for (const folder of ['../outside/file', '../outside/file/below']) {
      await staging({ path: folder });
      const sentence = await sentenceOf('deploy-failed', world.deploy('staging', capsule));
      assert.match(sentence, /outside\/file\S* for staging \(E\w+.*check that every part/);
    }
    await staging();
    await writeFile(path.join(world.outside, 'releases'), '');
    const { recorded } = await world.deploy('staging', capsule);
    assert.match(recorded?.record.cause ?? '', /could not be laid out in .*\(E\w+.*check that/);
  });

  it('gives a health check no longer than its deadline, and tells a silence as what it is', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await staging({ health: [{ url, timeoutMs: 3_600_000, deadlineMs: 200 }] });
      const { recorded } = await world.deploy('staging', await world.pack());
      assert.match(
        recorded?.record.cause ?? '',
        /within 200 ms: it did not answer within \d+ ms\.$/,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('does not touch a "current" that is not its own', async () => {
    await staging();
    await mkdir(path.join(world.outside, 'current'));
    await sentenceOf('deploy-failed', world.deploy('staging', await world.pack()));
    await rm(path.join(world.outside, 'current'), { recursive: true });
    await symlink('/etc', path.join(world.outside, 'current'));
    await sentenceOf('deploy-failed', world.deploy('staging', await world.pack()));
  });

  it('lays nothing out when a stored chunk is altered after the gate has seen it', async () => {
    await staging();
    const capsule = await world.pack();
    const { manifest } = await loadCapsule(world.workspace.store, capsule);
    const chunk = packedServices(manifest)[0]?.chunks?.[0]?.digest ?? '';
    const { status, recorded } = await deployCapsule(world.workspace, {
      environment: 'staging',
      capsule,
      signal: NEVER,
      listener: world.listener,
      onDecision: () => writeFileSync(world.workspace.store.pathOf(chunk), 'altered'),
    });
    assert.equal(status, 'failed');
    assert.equal(recorded?.record.active, undefined);
    assert.deepEqual(await readdir(path.join(world.outside, 'releases')), []);
  });
});

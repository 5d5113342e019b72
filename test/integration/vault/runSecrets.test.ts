import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import { findCapsule } from '../../../src/studio/capsules/findCapsule.ts';
import { packWorkspace } from '../../../src/studio/capsules/packCapsule.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { simulateMesh } from '../../../src/studio/runs/simulateMesh.ts';
import { secretsOfRun } from '../../../src/studio/workspace/secrets.ts';
import { Workspace } from '../../../src/studio/workspace/workspace.ts';
import { DIST } from '../../support/commandLine.ts';
import { fillVault } from '../../support/fillVault.ts';
import { eventsOf } from '../../support/realRun.ts';
import { sentenceOf } from '../../support/rejection.ts';
import {
  createTinyRepository,
  HEALTHY_SERVER,
  type TinyRepository,
  type TinyService,
} from '../../support/tinyProduct.ts';

const PASSPHRASE = 'correct horse battery';
const NEVER = new AbortController().signal;

/** Says which secrets it has, without saying them. */
const TELLING_SERVER = `${HEALTHY_SERVER}
  const { createHash } = await import('node:crypto');
  for (const name of ['TOKEN', 'OTHER']) {
    const value = process.env[name];
    console.log(name, value === undefined ? 'none' : createHash('md5').update(value).digest('hex').slice(0, 8));
  }`;

function shown(value: string): string {
  return createHash('md5').update(value).digest('hex').slice(0, 8);
}

function service(name: string, entry: TinyService['entry'] = {}): TinyService {
  return { name, files: { 'server.mjs': TELLING_SERVER }, entry };
}

describe('the secrets of a run', () => {
  let product: TinyRepository;
  let capsuleHash: string;
  afterEach(() => product.dispose());

  const vaultFolder = () => path.join(product.folder, 'config', 'vault');

  async function prepare(services: readonly TinyService[], secrets: Record<string, string> = {}) {
    product = await createTinyRepository(services);
    const { capsule } = await packWorkspace(workspaceWith(), {
      registryFile: path.join(product.repo, 'mesh.services.json'),
      allowDirty: false,
      signal: NEVER,
    });
    capsuleHash = capsule.capsuleHash;
    if (Object.keys(secrets).length > 0) await fill('sim', secrets);
  }

  function fill(scope: string, secrets: Record<string, string>): Promise<void> {
    return fillVault(path.join(product.folder, 'config'), PASSPHRASE, scope, secrets);
  }

  function workspaceWith(environment: NodeJS.ProcessEnv = {}): Workspace {
    return new Workspace({
      folder: product.repo,
      configFolder: path.join(product.folder, 'config'),
      bundleFolder: DIST,
      environment: {
        PATH: process.env.PATH,
        MESH_SIM_VAULT_PASSPHRASE: PASSPHRASE,
        ...environment,
      },
      clock: systemClock,
      product: 'test',
    });
  }

  async function run(environment: NodeJS.ProcessEnv = {}, plan: object = {}) {
    const events: MeshEvent[] = [];
    const params = { nodes: 2, latencyMs: [1, 5] };
    const { observation } = await simulateMesh(workspaceWith(environment), {
      plan: parsePlan({ capsuleHash, params, ...plan }, 'plan'),
      keepRuns: false,
      concurrent: false,
      signal: NEVER,
      onEvent: (event) => events.push(event),
    });
    const said = eventsOf(events, 'log').flatMap(({ nodeId, service, text }) =>
      nodeId === 'n0' && /^(TOKEN|OTHER) /.test(text) ? [`${service ?? ''} ${text}`] : [],
    );
    return { observation, said: said.sort() };
  }

  /** As a run would have it, which takes the secrets the same way. */
  async function fingerprintWith(environment: NodeJS.ProcessEnv = {}): Promise<string | undefined> {
    const workspace = workspaceWith(environment);
    const { capsule } = await findCapsule(workspace, capsuleHash);
    return (await secretsOfRun(capsule, workspace.options)).fingerprint;
  }

  it('reach the service that names them and no other, from the vault or from an override, and never from the scope of an environment', async () => {
    await prepare([
      service('named', { secrets: ['TOKEN', 'OTHER'] }),
      service('unnamed', { ports: { http: 4_001 } }),
    ]);
    await fill('production', { TOKEN: 'the-real-one', OTHER: 'the-real-one' });
    await sentenceOf('secret-missing', run());
    // A file that nobody could open: a run does not even read it.
    await writeFile(path.join(vaultFolder(), 'production.age'), 'damaged');
    const values = { TOKEN: 'vault-value', OTHER: 'vault-value', UNUSED: 'nobody-names-it' };
    await fill('sim', values);
    const overridden = { MESH_SIM_SECRET_OTHER: 'override-value' };
    const { observation, said } = await run(overridden);
    assert.equal(observation.outcome, 'pass', observation.cause);
    const fingerprint = await fingerprintWith(overridden);
    assert.ok(fingerprint !== undefined);
    assert.equal(observation.environment.envFingerprint, fingerprint);
    assert.deepEqual(said, [
      `named OTHER ${shown('override-value')}`,
      `named TOKEN ${shown('vault-value')}`,
      'unnamed OTHER none',
      'unnamed TOKEN none',
    ]);
  });

  it('leave a fingerprint that tells equal secrets from others', async () => {
    await prepare([service('web', { secrets: ['TOKEN'] })], { TOKEN: 'vault-value' });
    const first = await fingerprintWith();
    assert.match(first ?? '', /^[0-9a-f]{64}$/);
    assert.equal(await fingerprintWith(), first);
    await fill('sim', { TOKEN: 'another-value' });
    assert.notEqual(await fingerprintWith(), first);
    assert.equal(await fingerprintWith({ MESH_SIM_SECRET_TOKEN: 'override-value' }), undefined);
  });

  it('are missed in one sentence that names service, secret and command', async () => {
    await prepare([service('web', { secrets: ['TOKEN'] })]);
    const sentence = await sentenceOf('secret-missing', run());
    assert.match(sentence, /"web" needs the secret TOKEN: .*"mesh-sim vault set TOKEN"/);
    await fill('sim', { OTHER: 'vault-value' });
    await sentenceOf('secret-missing', run());
  });

  it('need no vault and no passphrase when nothing is wanted of it', async () => {
    await prepare([service('web')]);
    await mkdir(vaultFolder(), { recursive: true });
    await writeFile(path.join(vaultFolder(), 'sim.age'), 'damaged');
    const { observation } = await run({ MESH_SIM_VAULT_PASSPHRASE: '' });
    assert.equal(observation.outcome, 'pass', observation.cause);
    assert.equal(observation.environment.envFingerprint, undefined);
    await rm(vaultFolder(), { recursive: true });
  });

  it('are not given to a virtual run, which starts no service', async () => {
    await prepare([service('web', { secrets: ['TOKEN'] })]);
    const { observation } = await run({}, { world: 'virtual' });
    assert.equal(observation.outcome, 'pass', observation.cause);
  });

  it('are refused when too short to be masked', async () => {
    await prepare([service('web', { secrets: ['TOKEN'] })]);
    const sentence = await sentenceOf('secret-invalid', run({ MESH_SIM_SECRET_TOKEN: 'abc' }));
    assert.match(sentence, /TOKEN \(in MESH_SIM_SECRET_TOKEN\) is shorter than 6/);
  });

  it('are not sealed into a result: the refusal names secret and place, not the value', async () => {
    // Events name the services, and so does the pack statement that evidence embeds.
    await prepare([service('harbourmaster', { secrets: ['TOKEN'] })], { TOKEN: 'harbourmaster' });
    const sentence = await sentenceOf('secret-leak', run());
    assert.match(sentence, /hold the secret TOKEN at service \(line \d+ of events\.jsonl\)/);
    assert.ok(!sentence.includes('harbourmaster'));
    assert.equal(
      (await (await workspaceWith().ledger()).entries()).at(-1)?.entry.kind,
      'sim-started',
    );
  });
});

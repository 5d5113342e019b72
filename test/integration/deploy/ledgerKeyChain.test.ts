import assert from 'node:assert/strict';
import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadCapsule } from '../../../src/capsule/load.ts';
import { DSSE_PAYLOAD_TYPE } from '../../../src/model/dsse.ts';
import type { DsseEnvelope, EvidenceStatement } from '../../../src/model/evidence.ts';
import type { MeshEvent } from '../../../src/model/events.ts';
import type { EntryOf } from '../../../src/model/ledgerEntry.ts';
import { PACK, packStatementOf } from '../../../src/model/packStatement.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { envelopeDigest, signEnvelope, signedFields } from '../../../src/signing/dsse.ts';
import type { SigningKey } from '../../../src/signing/keys.ts';
import { signStatement } from '../../../src/signing/statement.ts';
import { listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { fileKeyOf } from '../../support/fileKey.ts';
import { resealed } from '../../support/alteredEvidence.ts';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { fresh } from '../../support/deployedCapsule.ts';
import { forceEntry } from '../../support/ledgerKeyHolder.ts';
import { eventsOf, rehearse } from '../../support/realRun.ts';
import { sealedRun } from '../../support/sealedRun.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

/** What `mesh-sim gate` once signed with the Capsule key about any hash it was asked about. */
function refusalOf(capsuleHash: string, key: SigningKey): DsseEnvelope {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'capsule.json', digest: { sha256: capsuleHash } }],
    predicateType: 'https://in-toto.io/attestation/svr/v0.2',
    predicate: { verifier: { id: 'urn:oursynth:mesh-sim:gate:v1', policies: [] } },
  };
  return signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), key);
}

/**
 * How code that nobody here signed once came into production with the ledger key alone: packed with a key of one's own, its
 * objects copied in, a signed refusal filed as its pack, rehearsed, let in, deployed, and verified. Each step is taken as if
 * all before it had worked, with the real commands and agents, and is stopped.
 */
describe('the way of unsigned code into production', () => {
  let world: DeployWorld;
  let foreign: TinyProduct;
  let commands: CommandLine;
  let key: SigningKey;
  let refusal: DsseEnvelope;
  let hash: string;

  before(async () => {
    world = await createDeployWorld();
    await world.describe({
      production: { production: true, target: { kind: 'directory', path: '../outside' } },
    });
    await world.pack();
    commands = await createCommandLine(world.workspace.options.configFolder);
    key = await fileKeyOf(world.workspace.options.configFolder);
    const web = healthyService();
    foreign = await createTinyProduct([
      { ...web, files: { ...web.files, 'theirs.txt': 'nobody here has signed this' } },
    ]);
    hash = foreign.capsule.capsuleHash;
    const objects = world.workspace.paths.objects;
    await cp(foreign.storeFolder, objects, { recursive: true, force: false });
    refusal = refusalOf(hash, key);
  });
  after(async () => {
    await foreign.dispose();
    await world.dispose();
  });

  const run = (...args: string[]) => commands.meshSim(args, world.folder);
  const entries = async () => (await listProvenance(fresh(world))).map(({ entry }) => entry);
  const about = () => ['--capsule', hash, '--env', 'production'];

  /** The command fails with this exit code and sentence, writes nothing into the ledger, and nothing is active. */
  async function assertStops(exitCode: number, says: RegExp, args: string[]): Promise<void> {
    const before = await entries();
    const outcome = await run(...args);
    assert.equal(outcome.exitCode, exitCode, outcome.stdout + outcome.stderr);
    assert.match(outcome.stdout + outcome.stderr, says);
    assert.deepEqual(await entries(), before);
    assert.deepEqual(await readdir(world.outside), []);
  }

  it('gets no signature about it from the gate, the deploy or a rehearsal', async () => {
    const unknown = /No Capsule "/;
    await assertStops(2, unknown, ['gate', ...about()]);
    await assertStops(2, unknown, ['deploy', ...about()]);
    await assertStops(2, unknown, ['--capsule', hash, '--nodes', '2']);
  });

  describe('with another signed statement filed as its pack', () => {
    before(async () => {
      await world.workspace.store.put(canonicalBytes(refusal));
      const { ledger } = await world.workspace.keyring();
      const isPack = (entry: { kind: string }): entry is EntryOf<'pack'> => entry.kind === 'pack';
      const pack = (await entries()).find(isPack);
      assert.ok(pack !== undefined);
      const { invocationId, ...rest } = pack;
      assert.ok(invocationId !== undefined);
      const entry = { ...rest, capsuleHash: hash, ...signedFields(refusal, key.publicKey) };
      await forceEntry(world.workspace.paths.ledger, ledger, entry);
    });

    it('begins no rehearsal, real or virtual', async () => {
      const says = /It is not a signed pack|ledger is broken|not what the ledger says/;
      await assertStops(2, says, ['--capsule', hash, '--nodes', '2']);
      await assertStops(2, says, ['--capsule', hash, '--nodes', '2', '--virtual']);
      assert.deepEqual(await readdir(world.workspace.paths.runs).catch(() => []), []);
    });

    it('passes no gate, is not deployed, and the audit and the chain of trust say so', async () => {
      await assertStops(4, /It is not a signed pack/, ['gate', ...about()]);
      await assertStops(4, /It is not a signed pack/, ['deploy', ...about()]);
      await assertStops(1, /entry 1 is not valid/, ['ledger', 'verify']);
      await assertStops(1, /It is not a signed pack/, ['trust', '--capsule', hash]);
    });
  });

  it('is started by no agent, and relayed by none', async () => {
    const events: MeshEvent[] = [];
    const halted = new AbortController();
    const run = rehearse(
      foreign,
      { params: { nodes: 2, latencyMs: [1, 5] } },
      {
        packEnvelope: refusal,
        publicKey: key.publicKey,
        signal: halted.signal,
        sink: (event) => {
          events.push(event);
          if (event.type === 'node' && event.status === 'halted') halted.abort();
        },
      },
    );
    // The other node would wait for content until the deadline.
    await assert.rejects(run, { code: 'interrupted' });
    const verified = eventsOf(events, 'phase').filter(({ phase }) => phase === 'verify');
    // The other node may have begun by then, or not.
    const refused = verified.filter(
      ({ nodeId, status }) => nodeId === 'n0' && status !== 'started',
    );
    assert.equal(refused.length, 1);
    assert.match(refused[0]?.details ?? '', /not a signed pack/);
    assert.ok(verified.every(({ status }) => status !== 'ok'));
    assert.deepEqual(eventsOf(events, 'service'), []);
    assert.deepEqual(eventsOf(events, 'chunk'), []);
  });

  it('is sealed in no evidence that a pipeline takes', async () => {
    const { bytes, manifest } = await loadCapsule(world.workspace.store, hash);
    const file = path.join(foreign.folder, 'capsule.json');
    await writeFile(file, bytes);
    const evidence = path.join(foreign.folder, 'result.capsim');
    const verify = async (capsim: Uint8Array) => {
      await writeFile(evidence, capsim);
      const asked = ['--capsule', file, '--require-chaos'];
      return commands.verifySim(['--file', evidence, ...asked], foreign.folder);
    };
    // As it was: everything else is what the product itself would have sealed.
    const of = sealedRun({
      key,
      capsuleHash: hash,
      packEnvelope: signStatement(PACK, packStatementOf(hash, manifest, undefined), key),
      plan: { chaos: { preset: 'crash-mid-deploy' } },
    });
    const honest = await verify(resealed(() => undefined, { of, key }));
    assert.equal(honest.exitCode, 0, honest.stdout);
    const passedOff = (root: unknown) => {
      const claims = (root as EvidenceStatement).predicate.meshsim_evidence;
      claims.capsule.envelope = refusal;
      claims.links = [{ rel: 'capsule-pack', digest: { sha256: envelopeDigest(refusal) } }];
    };
    const { exitCode, stdout } = await verify(resealed(passedOff, { of, key }));
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /It is not a signed pack/);
  });
});

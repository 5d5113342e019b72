import assert from 'node:assert/strict';
import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { signEnvelope, signedFields } from '../../../src/signing/dsse.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { DSSE_PAYLOAD_TYPE } from '../../../src/model/dsse.ts';
import type { EntryOf, LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import { findCapsule } from '../../../src/studio/capsules/findCapsule.ts';
import { passGate } from '../../../src/studio/deploy/gate.ts';
import { auditProvenance, listProvenance } from '../../../src/studio/provenance/provenance.ts';
import { provenanceGraph } from '../../../src/studio/provenance/provenanceGraph.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { fileKeyOf } from '../../support/fileKey.ts';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { fresh } from '../../support/deployedCapsule.ts';
import { forceEntry } from '../../support/ledgerKeyHolder.ts';
import { recordRehearsal } from '../../support/recordedRehearsal.ts';

const staging = { target: { kind: 'directory', path: '../outside' } };
const production = { production: true, target: { kind: 'directory', path: '../production' } };

/** What somebody does who can write to `.meshsim/objects` and holds the ledger key, and no other. */
describe('the ledger key alone', () => {
  let world: DeployWorld;
  let genuine: string;
  /** The hash of code that nobody packed here; its content is in the object store. */
  let foreign: string;

  beforeEach(async () => {
    world = await createDeployWorld();
    await world.describe({ staging, production });
    genuine = await world.pack();
    const other = await createDeployWorld();
    foreign = await other.packChange('what nobody here has signed');
    await cp(other.workspace.paths.objects, world.workspace.paths.objects, {
      recursive: true,
      force: false,
    });
    await other.dispose();
  });
  afterEach(() => world.dispose());

  const entries = () => listProvenance(fresh(world));
  const force = async (entry: LedgerEntry) => {
    const { ledger } = await world.workspace.keyring();
    return forceEntry(world.workspace.paths.ledger, ledger, entry);
  };
  const ask = (capsule: string, environment = 'staging') =>
    passGate(fresh(world), { environment, capsule });
  const newest = async <K extends LedgerEntry['kind']>(kind: K): Promise<EntryOf<K>> => {
    const isKind = (entry: LedgerEntry): entry is EntryOf<K> => entry.kind === kind;
    const found = (await entries()).map(({ entry }) => entry).findLast(isKind);
    assert.ok(found !== undefined);
    return found;
  };
  const trustedNodes = async (capsuleHash: string) => {
    const graph = await provenanceGraph(new Studio(fresh(world)), { capsuleHash });
    return graph.nodes.filter(({ status }) => status !== 'unproven');
  };

  /** A pack entry of the foreign Capsule over some body: refused by whoever could let it further. */
  async function assertStopped(entry: LedgerEntry): Promise<void> {
    const index = await force(entry);
    const workspace = fresh(world);
    await assert.rejects(findCapsule(workspace, foreign), { code: 'signature-invalid' });
    const before = (await entries()).length;
    const { decision, record } = await ask(foreign);
    assert.deepEqual([decision.decision, record], ['deny', undefined], 'the gate signs nothing');
    const { status } = await world.deploy('staging', foreign);
    assert.equal(status, 'refused');
    assert.equal((await entries()).length, before, 'nothing is recorded of it');
    await assert.rejects(readdir(path.join(world.outside, 'current')));
    const audit = await auditProvenance(workspace);
    assert.deepEqual([audit.ok, audit.firstBroken], [false, index]);
    assert.deepEqual(await trustedNodes(foreign), []);
  }

  it('gets nothing signed about a Capsule that was not packed here', async () => {
    const before = await entries();
    await assert.rejects(ask(foreign), { code: 'capsule-unknown' });
    await assert.rejects(world.deploy('staging', foreign), { code: 'capsule-unknown' });
    assert.deepEqual(await entries(), before);
  });

  it('passes off no other signed statement for a pack', async () => {
    // As `mesh-sim gate` signed it of any hash once: a refusal, with the Capsule key.
    const key = await fileKeyOf(world.workspace.options.configFolder);
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'capsule.json', digest: { sha256: foreign } }],
      predicateType: 'https://in-toto.io/attestation/svr/v0.2',
      predicate: { verifier: { id: 'urn:oursynth:mesh-sim:gate:v1', policies: [] } },
    };
    const envelope = signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), key);
    await world.workspace.store.put(canonicalBytes(envelope));
    const pack = await newest('pack');
    await assertStopped({
      ...pack,
      capsuleHash: foreign,
      ...signedFields(envelope, key.publicKey),
    });
  });

  it('passes off no pack of one Capsule for that of another', async () => {
    const { invocationId, ...pack } = await newest('pack');
    assert.ok(invocationId !== undefined);
    await assertStopped({ ...pack, capsuleHash: foreign });
  });

  describe('after a rehearsal', () => {
    beforeEach(async () => {
      const { folder, configFolder } = world.workspace.options;
      await recordRehearsal({ folder, configFolder }, genuine);
      assert.equal((await ask(genuine, 'production')).decision.decision, 'allow');
    });

    const CHANGES: readonly [string, Partial<EntryOf<'sim-result'>>][] = [
      ['the same entry again', {}],
      ['the same body as a failure', { outcome: 'fail' }],
      ['the same body as another run', { simId: '11111111-2222-4333-8444-555555555555' }],
      ['the same body with another result', { resultDigest: 'a'.repeat(64) }],
      ['the same body at another time', { at: '2030-01-01T00:00:00.000Z' }],
    ];
    for (const [name, change] of CHANGES) {
      it(`lets no ${name} count`, async () => {
        const index = await force({ ...(await newest('sim-result')), ...change });
        const { decision, record } = await ask(genuine, 'production');
        assert.deepEqual([decision.decision, record], ['deny', undefined]);
        const audit = await auditProvenance(fresh(world));
        assert.deepEqual([audit.ok, audit.firstBroken], [false, index]);
        const trusted = await trustedNodes(genuine);
        assert.ok(trusted.every((node) => node.index !== index));
      });
    }

    it('moves no start of a run behind that of another', async () => {
      const started = await newest('sim-started');
      await force({ ...started, simId: '11111111-2222-4333-8444-555555555555' });
      await force(started);
      assert.equal((await ask(genuine, 'production')).decision.decision, 'deny');
      assert.equal((await auditProvenance(fresh(world))).ok, false);
    });
  });
});

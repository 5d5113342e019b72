import { writeCapsim } from '../../src/evidence/capsim.ts';
import { sealRun } from '../../src/evidence/seal.ts';
import type { SealedRun } from '../../src/evidence/seal.ts';
import type { DsseEnvelope } from '../../src/model/evidence.ts';
import { PACK, packStatementOf } from '../../src/model/packStatement.ts';
import { CAPSULE_SCHEMA, manifestSchema, type Manifest } from '../../src/model/capsule.ts';
import type { EntryOf, LedgerEntry } from '../../src/model/ledgerEntry.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { logIdOf, originOf, signCheckpoint } from '../../src/signing/checkpoint.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { signedFields } from '../../src/signing/dsse.ts';
import { FiledEntry } from '../../src/signing/filing.ts';
import type { InclusionProof } from '../../src/signing/inclusionProof.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { signingKeyOf } from '../../src/signing/keys.ts';
import { leafBytes } from '../../src/signing/ledgerLeaf.ts';
import { signStatement } from '../../src/signing/statement.ts';
import { leafHash, nodeHash } from '../../src/signing/merkle.ts';
import { observationOf } from './observation.ts';
import type { ObservationChoice } from './observation.ts';
import { OLD_HASH } from './upgradePlans.ts';

export const MANIFEST: Manifest = manifestSchema.parse({
  schema: CAPSULE_SCHEMA,
  name: 'harbor-pay',
  chunker: { name: 'fastcdc-v1', minBytes: 1, averageBytes: 2, maxBytes: 10 },
  services: [
    {
      name: 'orders',
      path: 'orders',
      commit: '1'.repeat(40),
      tree: '2'.repeat(40),
      start: ['node', 'server.mjs'],
      health: { command: ['true'] },
      archive: { digest: sha256Hex(Buffer.from('tar')), size: 3 },
      chunks: [{ digest: sha256Hex(Buffer.from('tar')), size: 3 }],
    },
    {
      name: 'cache',
      program: { requires: 'redis-server', version: '>=7' },
      start: ['redis-server', '--port', '${port:tcp}'],
      ports: { tcp: 6379 },
      health: { tcp: { port: 'tcp' } },
    },
  ],
});
export const CAPSULE_BYTES = canonicalBytes(MANIFEST);
export const CAPSULE_HASH = sha256Hex(CAPSULE_BYTES);

/** A key that is the same in every test run. */
export function keyNumber(number: number): SigningKey {
  return signingKeyOf(Buffer.alloc(32, number));
}

export const CAPSULE_KEY = keyNumber(1);
export const LOG_KEY = keyNumber(2);

export function packEnvelopeBy(key: SigningKey, capsuleHash = CAPSULE_HASH): DsseEnvelope {
  return signStatement(PACK, packStatementOf(capsuleHash, MANIFEST, undefined), key);
}

/** What ran before, in an upgrade: another Capsule of the same product, which this key packed. */
export function packedBefore(
  key: SigningKey = CAPSULE_KEY,
  name = MANIFEST.name,
  capsuleHash = OLD_HASH,
) {
  const statement = packStatementOf(capsuleHash, { ...MANIFEST, name }, undefined);
  return { envelope: signStatement(PACK, statement, key), publicKey: key.publicKey };
}

export interface SealChoice extends ObservationChoice {
  readonly key?: SigningKey;
  /** Of the Capsule; left out: one of an earlier release. */
  readonly packEnvelope?: DsseEnvelope;
}

export function sealedRun(choice: SealChoice = {}): SealedRun {
  const { key = CAPSULE_KEY, capsuleHash = CAPSULE_HASH } = choice;
  return sealRun({
    observation: observationOf({ ...choice, capsuleHash }),
    capsuleHash,
    packEnvelope: choice.packEnvelope ?? packEnvelopeBy(key, capsuleHash),
    key,
  });
}

/** `at`: when it is recorded; left out: as the run ends. */
export function entryFor(
  sealed: Pick<SealedRun, 'result' | 'resultDigest' | 'envelope'>,
  key: SigningKey = CAPSULE_KEY,
  at = sealed.result.endedAt,
): EntryOf<'sim-result'> {
  const { result } = sealed;
  return {
    v: 1,
    kind: 'sim-result',
    at,
    capsuleHash: result.capsuleHash,
    simId: result.simId,
    outcome: result.outcome,
    resultDigest: sealed.resultDigest,
    ...signedFields(sealed.envelope, key.publicKey),
  };
}

/** The same as the ledger takes it. It rests on the pack of `filedPack`. */
export function filedResult(sealed: SealedRun, key: SigningKey = CAPSULE_KEY): FiledEntry {
  const { envelope, result } = sealed;
  return FiledEntry.of('sim-result', result.endedAt, { envelope, publicKey: key.publicKey });
}

export function filedPack(key: SigningKey = CAPSULE_KEY): FiledEntry {
  const body = { envelope: packEnvelopeBy(key), publicKey: key.publicKey, manifest: CAPSULE_BYTES };
  return FiledEntry.of('pack', '2026-01-05T08:00:00.000Z', body);
}

/** The ledger in which the run is filed. */
export const LEDGER_ORIGIN = originOf(LOG_KEY.publicKey, '00112233445566ff');

/** A proof for the last of three leaves, as the ledger would give it. */
export function proofFor(entry: LedgerEntry, logKey: SigningKey = LOG_KEY): InclusionProof {
  const leaf = leafBytes(entry);
  const first = nodeHash(leafHash(Buffer.from('a pack')), leafHash(Buffer.from('a start')));
  const root = nodeHash(first, leafHash(leaf));
  const origin = originOf(logKey.publicKey, '00112233445566ff');
  return {
    index: 2,
    treeSize: 3,
    leaf,
    hashes: [first],
    rootHash: root,
    checkpoint: signCheckpoint({ origin, size: 3, root }, logKey),
  };
}

export interface CapsimWorld {
  readonly sealed: SealedRun;
  readonly proof: InclusionProof;
  readonly bytes: Uint8Array;
  readonly logId: Uint8Array;
}

/** A genuine .capsim, made in memory. */
export function capsimWorld(choice: SealChoice = {}): CapsimWorld {
  const sealed = sealedRun(choice);
  const proof = proofFor(entryFor(sealed, choice.key));
  const logId = logIdOf(LEDGER_ORIGIN);
  return { sealed, proof, bytes: writeCapsim(sealed.envelope, proof), logId };
}

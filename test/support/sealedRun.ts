import { writeCapsim } from '../../src/evidence/capsim.ts';
import { sealRun } from '../../src/evidence/seal.ts';
import type { SealedRun } from '../../src/evidence/seal.ts';
import type { DsseEnvelope } from '../../src/model/evidence.ts';
import { DSSE_PAYLOAD_TYPE, STATEMENT_TYPE } from '../../src/model/evidence.ts';
import type { LedgerEntry } from '../../src/model/ledgerEntry.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { logIdOf, originOf, signCheckpoint } from '../../src/signing/checkpoint.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { signEnvelope, signedFields } from '../../src/signing/dsse.ts';
import type { InclusionProof } from '../../src/signing/inclusionProof.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { signingKeyOf } from '../../src/signing/keys.ts';
import { leafBytes } from '../../src/signing/ledgerLeaf.ts';
import { leafHash, nodeHash } from '../../src/signing/merkle.ts';
import { observationOf } from './observation.ts';
import type { ObservationChoice } from './observation.ts';

/** The manifest's content does not matter to evidence, only its digest does. */
export const CAPSULE_BYTES = Buffer.from('{"name":"harbor-pay"}');
export const CAPSULE_HASH = sha256Hex(CAPSULE_BYTES);

/** A key that is the same in every test run. */
export function keyNumber(number: number): SigningKey {
  return signingKeyOf(Buffer.alloc(32, number));
}

export const CAPSULE_KEY = keyNumber(1);
export const LOG_KEY = keyNumber(2);

export function packEnvelopeBy(key: SigningKey, capsuleHash = CAPSULE_HASH): DsseEnvelope {
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'capsule.json', digest: { sha256: capsuleHash } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
  };
  return signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), key);
}

export interface SealChoice extends ObservationChoice {
  readonly key?: SigningKey;
}

export function sealedRun(choice: SealChoice = {}): SealedRun {
  const { key = CAPSULE_KEY, capsuleHash = CAPSULE_HASH } = choice;
  return sealRun({
    observation: observationOf({ ...choice, capsuleHash }),
    capsuleHash,
    packEnvelope: packEnvelopeBy(key, capsuleHash),
    key,
  });
}

export function entryFor(sealed: SealedRun, key: SigningKey = CAPSULE_KEY): LedgerEntry {
  const { result } = sealed;
  return {
    v: 1,
    kind: 'sim-result',
    at: result.endedAt,
    capsuleHash: result.capsuleHash,
    simId: result.simId,
    outcome: result.outcome,
    resultDigest: sealed.resultDigest,
    ...signedFields(sealed.envelope, key.publicKey),
  };
}

/** A proof for the second of two leaves, as the ledger would give it. */
export function proofFor(entry: LedgerEntry, logKey: SigningKey = LOG_KEY): InclusionProof {
  const leaf = leafBytes(entry);
  const first = leafHash(Buffer.from('an earlier entry'));
  const root = nodeHash(first, leafHash(leaf));
  const origin = originOf(logKey.publicKey, '00112233445566ff');
  return {
    index: 1,
    treeSize: 2,
    leaf,
    hashes: [first],
    rootHash: root,
    checkpoint: signCheckpoint({ origin, size: 2, root }, logKey),
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
  const logId = logIdOf(originOf(LOG_KEY.publicKey, '00112233445566ff'));
  return { sealed, proof, bytes: writeCapsim(sealed.envelope, proof), logId };
}

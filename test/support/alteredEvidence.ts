import assert from 'node:assert/strict';
import { writeCapsim } from '../../src/evidence/capsim.ts';
import { verifyCapsim, type VerifyOptions } from '../../src/evidence/verify.ts';
import { DSSE_PAYLOAD_TYPE, type EvidenceStatement } from '../../src/model/evidence.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { preAuthEncoding, signEnvelope } from '../../src/signing/dsse.ts';
import type { JsonEdit } from './jsonEdit.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import type { SealedRun } from '../../src/evidence/seal.ts';
import { CAPSULE_KEY, LOG_KEY, entryFor, proofFor, sealedRun } from './sealedRun.ts';

export const TRUST: VerifyOptions = {
  trustedKeys: [CAPSULE_KEY],
  logKeys: [LOG_KEY],
};

export const ZERO_DIGEST = '0'.repeat(64);

export interface Resealing {
  /** The genuine run; left out: a pass without chaos. */
  readonly of?: SealedRun;
  /** What everything was signed with. */
  readonly key?: SigningKey;
  /** Sign the result again, too. */
  readonly resign?: boolean;
}

/**
 * Alters the statement and signs it again with the right key, and files it where the genuine one was, at the same time: only
 * the meaning can give it away.
 */
export function resealed(
  alter: JsonEdit,
  { of = sealedRun(), key = CAPSULE_KEY, resign = true }: Resealing = {},
) {
  const statement = JSON.parse(Buffer.from(of.statementBytes).toString()) as EvidenceStatement;
  alter(statement);
  const evidence = statement.predicate.meshsim_evidence;
  const { result } = evidence;
  if (resign) {
    const bytes = canonicalBytes(result);
    evidence.resultDigest = { sha256: sha256Hex(bytes) };
    const message = preAuthEncoding(evidence.resultSignature.payloadType, bytes);
    evidence.resultSignature.sig = Buffer.from(key.sign(message)).toString('base64');
  }
  const envelope = signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), key);
  const again = { result, resultDigest: evidence.resultDigest.sha256, envelope };
  return writeCapsim(envelope, proofFor(entryFor(again, key, of.result.endedAt)));
}

/** It is invalid, and at this step for one; what is said of all steps that fail matches. */
export function failsAt(step: string, pattern: RegExp, bytes: Uint8Array, options = TRUST): void {
  const report = verifyCapsim(bytes, options);
  const found = report.steps.find(({ name }) => name === step);
  assert.deepEqual([report.verdict, found?.status], ['invalid', 'failed'], report.sentence);
  assert.match(report.sentence, pattern);
  assert.equal(report.exitCode, 1);
}

import assert from 'node:assert/strict';
import { writeCapsim } from '../../src/evidence/capsim.ts';
import { verifyCapsim, type VerifyOptions } from '../../src/evidence/verify.ts';
import { DSSE_PAYLOAD_TYPE, type EvidenceStatement } from '../../src/model/evidence.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { preAuthEncoding, signEnvelope } from '../../src/signing/dsse.ts';
import type { JsonEdit } from './jsonEdit.ts';
import { CAPSULE_KEY, LOG_KEY, entryFor, proofFor, sealedRun } from './sealedRun.ts';

export const TRUST: VerifyOptions = {
  trustedKeys: [CAPSULE_KEY.publicKey],
  logKeys: [LOG_KEY.publicKey],
};

export const ZERO_DIGEST = '0'.repeat(64);

/** Alters the statement and signs it again with the right key: only the meaning can give it away. */
export function resealed(alter: JsonEdit, resign = true): Uint8Array {
  const sealed = sealedRun();
  const statement = JSON.parse(Buffer.from(sealed.statementBytes).toString()) as EvidenceStatement;
  alter(statement);
  const evidence = statement.predicate.meshsim_evidence;
  const { result } = evidence;
  if (resign) {
    const bytes = canonicalBytes(result);
    evidence.resultDigest = { sha256: sha256Hex(bytes) };
    const message = preAuthEncoding(evidence.resultSignature.payloadType, bytes);
    evidence.resultSignature.sig = Buffer.from(CAPSULE_KEY.sign(message)).toString('base64');
  }
  const envelope = signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), CAPSULE_KEY);
  const again = { ...sealed, envelope, result, resultDigest: evidence.resultDigest.sha256 };
  return writeCapsim(envelope, proofFor(entryFor(again)));
}

export function failsAt(step: string, pattern: RegExp, bytes: Uint8Array, options = TRUST): void {
  const report = verifyCapsim(bytes, options);
  const last = report.steps.at(-1);
  assert.deepEqual(
    [report.verdict, last?.name, last?.status],
    ['invalid', step, 'failed'],
    last?.sentence,
  );
  assert.match(report.sentence, pattern);
  assert.equal(report.exitCode, 1);
}

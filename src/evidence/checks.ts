import { MeshSimError } from '../base/errors.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import { PACK, packRunOf, type PackStatement } from '../model/packStatement.ts';
import { decodeBase64 } from '../signing/base64.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { logKeyOf, verifyCheckpoint } from '../signing/checkpoint.ts';
import { sha256Hex } from '../signing/digest.ts';
import { envelopeDigest, preAuthEncoding } from '../signing/dsse.ts';
import { verifySignature } from '../signing/ed25519.ts';
import { filingOf, mismatch } from '../signing/filingFacts.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';
import { provesInclusion } from '../signing/inclusionProof.ts';
import { entryOfLeaf } from '../signing/ledgerLeaf.ts';
import { fingerprint } from '../signing/publicKey.ts';
import { verifiedStatement, type SignedStatement } from '../signing/statement.ts';
import { isTrustedAt, type TrustedKey } from '../signing/trustedKeys.ts';
import type { Capsim } from './capsim.ts';

/** Each check returns the sentence to show when it holds, and throws MeshSimError when it does not. */

type SignedEvidence = SignedStatement<EvidenceStatement>;

function refuse(problem: string): never {
  throw new MeshSimError('evidence-invalid', problem);
}

/** The statement must be about exactly the Capsule its result is about, and about the one the caller holds. */
export function checkSubject(
  statement: EvidenceStatement,
  capsuleBytes: Uint8Array | undefined,
): string {
  const subject = statement.subject[0]?.digest.sha256;
  const { capsuleHash } = statement.predicate.meshsim_evidence.result;
  if (subject !== capsuleHash)
    return refuse('The statement is about another Capsule than its result.');
  if (capsuleBytes === undefined) return `About the Capsule ${capsuleHash}.`;
  if (sha256Hex(capsuleBytes) !== capsuleHash) {
    return refuse(`The evidence is about the Capsule ${capsuleHash}, not about the given file.`);
  }
  return `About the given Capsule, ${capsuleHash}.`;
}

/** The inner signature. The key that comes with it is only compared, never used. */
export function checkResult(statement: EvidenceStatement, signerKey: string): string {
  const { result, resultDigest, resultSignature } = statement.predicate.meshsim_evidence;
  const bytes = canonicalBytes(result);
  if (sha256Hex(bytes) !== resultDigest.sha256) {
    return refuse('The digest of the result is not that of the result.');
  }
  if (
    resultSignature.publicKey !== signerKey ||
    result.signedBy !== signerKey ||
    resultSignature.keyid !== fingerprint(signerKey)
  ) {
    return refuse('The result names another key than the one that signed the file.');
  }
  const signature = decodeBase64(resultSignature.sig) ?? new Uint8Array();
  const message = preAuthEncoding(resultSignature.payloadType, bytes);
  if (!verifySignature(signature, message, signerKey)) {
    return refuse('The signature over the result does not match it.');
  }
  return `Result ${resultDigest.sha256.slice(0, 12)}… signed by the same key.`;
}

/** The Capsule's own signature travels along. @throws MeshSimError when the same key has not signed it */
export function packIn(statement: EvidenceStatement, signerKey: string): PackStatement {
  const { envelope } = statement.predicate.meshsim_evidence.capsule;
  return verifiedStatement(PACK, envelope, signerKey).statement;
}

/** It must be for the very Capsule that was rehearsed. */
export function checkCapsule(statement: EvidenceStatement, pack: PackStatement): string {
  const { result, capsule, links } = statement.predicate.meshsim_evidence;
  if (capsule.digest.sha256 !== result.capsuleHash) {
    return refuse('The enclosed Capsule signature is filed under another Capsule.');
  }
  if (pack.subject[0]?.digest.sha256 !== result.capsuleHash) {
    return refuse('The enclosed Capsule signature is for another Capsule.');
  }
  const linked = links.filter((link) => link.rel === 'capsule-pack');
  if (linked.length !== 1 || linked[0]?.digest.sha256 !== envelopeDigest(capsule.envelope)) {
    return refuse('The link to the pack entry is not that of the enclosed Capsule signature.');
  }
  return 'The Capsule was signed by the same key.';
}

function checkLeaf({ envelope, proof }: Capsim, signed: SignedEvidence, publicKey: string): void {
  const entry = entryOfLeaf(proof.leaf);
  const problem =
    entry.kind === 'sim-result'
      ? mismatch(entry, filingOf('sim-result', signed, { envelope, publicKey }))
      : `It is the entry of a ${entry.kind}.`;
  if (problem !== undefined) {
    refuse(`The ledger entry is about something else than this file. ${problem}`);
  }
}

/** What can be said offline: the entry is in the tree, and whose key signed the tree's checkpoint. */
export function checkLedger(
  capsim: Capsim,
  signed: SignedEvidence,
  signerKey: string,
  pack: PackStatement,
  logKeys: readonly TrustedKey[],
): string {
  checkLeaf(capsim, signed, signerKey);
  const { proof } = capsim;
  const logKey = logKeyFrom(proof);
  const checkpoint = verifyCheckpoint(proof.checkpoint, logKey);
  if (!provesInclusion(proof, checkpoint)) {
    return refuse('The ledger proof does not lead from this entry to the checkpoint.');
  }
  assertOwnLedger(pack, checkpoint.origin);
  const where = `Entry ${proof.index} of ${proof.treeSize} in the ledger of the log key ${fingerprint(logKey)}`;
  if (isTrustedAt(logKeys, logKey, filedAt(proof))) return `${where}, which is trusted here.`;
  const isKnown = logKeys.some(({ publicKey }) => publicKey === logKey);
  return `${where}; that key is not known here${isKnown ? ' for the time of that entry' : ''}, so this shows order within that ledger and no more.`;
}

/** A pack names the one ledger it was signed for, and a result rests on its pack: in another ledger it proves nothing. */
function assertOwnLedger(pack: PackStatement, origin: string): void {
  const ledger = packRunOf(pack)?.ledger;
  if (ledger === undefined || ledger === origin) return;
  refuse('It is filed in another ledger than the one its Capsule was packed for.');
}

/** A log key the caller insists on. */
export function assertLogKey(proof: InclusionProof, logKeys: readonly TrustedKey[]): void {
  const logKey = logKeyFrom(proof);
  if (logKeys.some(({ publicKey }) => publicKey === logKey)) return;
  refuse('The checkpoint is signed by another log key than the given one.');
}

/** When the ledger took it in, as its entry says, ms since the Unix epoch: nobody can date a statement back past it without the ledger's key. */
export function filedAt({ leaf }: InclusionProof): number {
  return Date.parse(entryOfLeaf(leaf).at);
}

function logKeyFrom(proof: InclusionProof): string {
  return logKeyOf(proof.checkpoint.slice(0, proof.checkpoint.indexOf('\n')));
}

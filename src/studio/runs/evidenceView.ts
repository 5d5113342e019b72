import { MeshSimError } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import type { VerificationReport } from '../../evidence/verify.ts';
import type { Evidence } from '../../model/api.ts';
import { simIdSchema } from '../../model/names.ts';
import { canonicalBytes } from '../../signing/canonicalJson.ts';
import { parseCheckpoint } from '../../signing/checkpoint.ts';
import { sha256Hex } from '../../signing/digest.ts';
import type { InclusionProof } from '../../signing/inclusionProof.ts';
import { leafHash } from '../../signing/merkle.ts';
import { baselineOf } from './baseline.ts';
import { differenceFrom } from './evidenceDifference.ts';
import { findRun, verifyEvidence } from './runs.ts';
import { checkSignedEvents } from './signedEvents.ts';
import { signerOf } from '../workspace/signers.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/**
 * Verifies the artifact of a run of this workspace. A file that is not what the ledger recorded is shown as what it is: the
 * verdict says that it proves nothing.
 * @throws MeshSimError `run-unknown`, `run-unfinished`
 */
export async function evidenceOfRun(workspace: Workspace, simId: string): Promise<Evidence> {
  try {
    const run = await findRun(workspace, simId);
    return await evidenceOf(workspace, run.capsim, run.simId);
  } catch (error) {
    if (!(error instanceof MeshSimError) || error.code !== 'evidence-invalid') throw error;
    return evidenceOfAltered(workspace, simId, error.message);
  }
}

async function evidenceOfAltered(
  workspace: Workspace,
  simId: string,
  sentence: string,
): Promise<Evidence> {
  const capsim = await readRegular(runPaths(workspace.paths, simIdSchema.parse(simId)).capsim);
  const evidence = await evidenceOf(workspace, capsim, simId);
  if (evidence.verdict === 'invalid') return evidence;
  // Genuine, but of another run: nothing it states may be shown as this one's.
  const recorded = { name: 'recorded', status: 'failed' as const, sentence };
  const difference = await differenceFrom(workspace, capsim, simId);
  return {
    checkedAt: evidence.checkedAt,
    ...(evidence.signer === undefined ? {} : { signer: evidence.signer }),
    verdict: 'invalid',
    sentence,
    steps: [...evidence.steps.filter(({ name }) => name !== 'events'), recorded],
    parts: [],
    ...(difference === undefined ? {} : { difference }),
    hasEvents: false,
  };
}

/**
 * Verifies a `.capsim` from anywhere, step by step. Never throws for what is in the bytes: the verdict says it.
 * @param simId the run of this workspace that the bytes were stored for
 */
export async function evidenceOf(
  workspace: Workspace,
  capsim: Uint8Array,
  simId?: string,
): Promise<Evidence> {
  const report = await verifyEvidence(workspace, capsim);
  const { verdict, sentence, proof, signerPublicKey, filedAt } = report;
  // Of what does not verify nobody knows when it was signed.
  const at = filedAt ?? Date.parse(workspace.now());
  const signers = await workspace.allowedSigners();
  const common = {
    verdict,
    sentence,
    steps: report.steps.map((step) => ({ ...step })),
    checkedAt: workspace.now(),
    ...(signerPublicKey === undefined ? {} : { signer: signerOf(signerPublicKey, signers, at) }),
    parts: partsOf(report),
  };
  if (verdict === 'invalid' || report.statement === undefined) {
    const difference = await differenceFrom(workspace, capsim, simId);
    return { ...common, ...(difference === undefined ? {} : { difference }), hasEvents: false };
  }
  const { statement } = report;
  const baseline = await baselineOf(workspace, statement.predicate.meshsim_evidence);
  const events = await checkSignedEvents(workspace, statement);
  return {
    ...common,
    steps: [...common.steps, events],
    statement,
    ...(proof === undefined ? {} : { ledger: ledgerPlaceOf(proof) }),
    ...(baseline === undefined ? {} : { baseline }),
    hasEvents: events.status === 'ok',
  };
}

function ledgerPlaceOf(proof: InclusionProof): NonNullable<Evidence['ledger']> {
  return {
    index: proof.index,
    size: proof.treeSize,
    origin: parseCheckpoint(proof.checkpoint).origin,
    leafHash: Buffer.from(leafHash(proof.leaf)).toString('hex'),
  };
}

/** The parts of one Sigstore bundle, by what they are for; their sizes are of the bytes that are signed or hashed. */
function partsOf({ statement, statementBytes, proof }: VerificationReport): Evidence['parts'] {
  if (statement === undefined || statementBytes === undefined || proof === undefined) return [];
  const { plan, events, capsule } = statement.predicate.meshsim_evidence;
  const planBytes = canonicalBytes(plan);
  const proofBytes = 32 * proof.hashes.length + proof.leaf.length + proof.checkpoint.length;
  return [
    { name: 'Statement', bytes: statementBytes.length, digest: sha256Hex(statementBytes) },
    { name: 'Plan', bytes: planBytes.length, digest: sha256Hex(planBytes) },
    { name: 'Capsule envelope', bytes: canonicalBytes(capsule.envelope).length },
    { name: `Digest of ${events.count} events`, bytes: 32, digest: events.digest.sha256 },
    { name: 'Ledger proof', bytes: proofBytes },
    { name: 'Signature', bytes: 64 },
  ];
}

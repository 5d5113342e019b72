import { MeshSimError, messageOf } from '../base/errors.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import type { PackStatement } from '../model/packStatement.ts';
import { TEST_RESULT } from '../model/statementKinds.ts';
import type { InclusionProof } from '../signing/inclusionProof.ts';
import { fingerprint } from '../signing/publicKey.ts';
import { statementIn, verifiedPayload } from '../signing/statement.ts';
import type { TrustedKey } from '../signing/trustedKeys.ts';
import { capsimIn, parseCapsim } from './capsim.ts';
import {
  assertLogKey,
  checkCapsule,
  checkLedger,
  checkResult,
  checkSubject,
  filedAt,
  packIn,
} from './checks.ts';
import { contradictionsIn } from './meaning/contradictions.ts';
import { checkBefore, upgradeIn } from './packedBefore.ts';
import { isEmptyPolicy, policyProblems } from './policy.ts';
import type { EvidencePolicy } from './policy.ts';
import { findSigner, signerAt } from './signer.ts';
import type { Signer } from './signer.ts';

export interface VerifyOptions {
  /** Keys that may sign results. */
  readonly trustedKeys: readonly TrustedKey[];
  /** Keys that are known to sign ledgers. */
  readonly logKeys?: readonly TrustedKey[];
  /** True: evidence from a ledger of any other key is invalid. */
  readonly requireLogKey?: boolean;
  /** The bytes of a capsule.json the evidence must be about. */
  readonly capsuleBytes?: Uint8Array;
  readonly policy?: EvidencePolicy;
}

export type StepName =
  | 'file'
  | 'container'
  | 'signer'
  | 'signature'
  | 'statement'
  | 'subject'
  | 'result'
  | 'capsule'
  | 'from'
  | 'meaning'
  | 'ledger'
  | 'policy';

export interface VerificationStep {
  readonly name: StepName;
  /** `skipped`: could not be decided because a later step failed. */
  readonly status: 'ok' | 'failed' | 'skipped';
  readonly sentence: string;
}

export interface VerificationReport {
  /** 0 verified and trusted, 1 invalid, 3 intact but signer not trusted here, 4 policy not met. */
  readonly exitCode: 0 | 1 | 3 | 4;
  readonly verdict: 'verified' | 'invalid' | 'untrusted' | 'policy-not-met';
  /** What decided the verdict. */
  readonly sentence: string;
  /**
   * In the order they were made. Nothing after a failure to read the statement; of what it says, every step is made, so that
   * all that contradicts is found at once.
   */
  readonly steps: readonly VerificationStep[];
  /** Present once its signature was verified; to be believed only when `verdict` is not `invalid`. */
  readonly statement?: EvidenceStatement;
  /** The very bytes that were verified. */
  readonly statementBytes?: Uint8Array;
  readonly proof?: InclusionProof;
  /** Fingerprint of the key that signed. */
  readonly signer?: string;
  readonly signerPublicKey?: string;
  /** When the ledger took it in, ms since the Unix epoch; present once that was verified. */
  readonly filedAt?: number;
  /** Keys that signed it, or what it rests on, and are not trusted here at any time. */
  readonly untrustedKeys?: readonly string[];
}

type Findings = Pick<
  VerificationReport,
  | 'statement'
  | 'statementBytes'
  | 'proof'
  | 'signer'
  | 'signerPublicKey'
  | 'filedAt'
  | 'untrustedKeys'
>;

/** Ends a verification; the failed step is on the list already. */
class Stopped extends Error {}

class Verification {
  readonly steps: VerificationStep[] = [];
  findings: Findings = {};

  /** Runs one step; its sentence goes on the list whether it holds or not. */
  step<T>(name: StepName, check: () => readonly [T, string]): T {
    try {
      const [value, sentence] = check();
      this.steps.push({ name, status: 'ok', sentence });
      return value;
    } catch (error) {
      // Any other error is a hostile file that found a way around our sentences: it is just as invalid.
      const sentence =
        error instanceof MeshSimError ? error.message : `Unreadable: ${messageOf(error)}.`;
      this.steps.push({ name, status: 'failed', sentence });
      throw new Stopped();
    }
  }

  /** Runs steps that do not rest on each other, all of them. @throws Stopped when one fails */
  all(checks: readonly (readonly [StepName, () => string])[]): void {
    const failed = checks.filter(([name, check]) => !this.#holds(name, check));
    if (failed.length > 0) throw new Stopped();
  }

  #holds(name: StepName, check: () => string): boolean {
    try {
      this.step(name, () => [undefined, check()]);
      return true;
    } catch (error) {
      if (error instanceof Stopped) return false;
      throw error;
    }
  }

  /** What every failed step says. */
  get problems(): string {
    const failed = this.steps.filter(({ status }) => status === 'failed');
    return failed.map(({ sentence }) => sentence).join(' ');
  }

  report(verdict: VerificationReport['verdict'], sentence: string): VerificationReport {
    const exitCode = ({ verified: 0, invalid: 1, untrusted: 3, 'policy-not-met': 4 } as const)[
      verdict
    ];
    return { exitCode, verdict, sentence, steps: this.steps, ...this.findings };
  }
}

function assertMeaning(statement: EvidenceStatement): string {
  const problems = contradictionsIn(statement);
  if (problems.length > 0) throw new MeshSimError('evidence-invalid', problems.join(' '));
  return 'What it says agrees with itself and is possible under its plan.';
}

/** Who signed it, and what it rests on: each has a step of its own. */
type Signers = readonly (readonly [StepName, Signer])[];

/** The checks of what is signed, in the order of docs/capsim.md. Throws Stopped when one fails. */
function examine(run: Verification, bytes: Uint8Array, options: VerifyOptions): Signers {
  const { logKeys = [], requireLogKey = false } = options;
  const value = run.step('file', () => [
    parseCapsim(bytes),
    `Canonical JSON of ${bytes.length} bytes.`,
  ]);
  const capsim = run.step('container', () => [capsimIn(value), 'A strict Sigstore bundle v0.3.']);
  const signer = run.step('signer', () => {
    const found = findSigner(capsim.envelope, options.trustedKeys);
    return [found, found.sentence];
  });
  const { publicKey } = signer;
  run.findings = {
    proof: capsim.proof,
    signer: fingerprint(publicKey),
    signerPublicKey: publicKey,
  };
  const payload = run.step('signature', () => [
    verifiedPayload(TEST_RESULT, capsim.envelope, publicKey),
    'The signature matches the content.',
  ]);
  const signed = run.step('statement', () => [
    statementIn(payload),
    'Canonical JSON of an in-toto test result.',
  ]);
  const { statement } = signed;
  run.findings = { ...run.findings, statement, statementBytes: signed.bytes };
  let verified: PackStatement | undefined;
  const pack = () => (verified ??= packIn(statement, publicKey));
  let packer: Signer | undefined;
  const from = () => {
    packer = checkBefore(statement, pack(), options.trustedKeys);
    return packer.sentence;
  };
  run.all([
    ['subject', () => checkSubject(statement, options.capsuleBytes)],
    ['result', () => checkResult(statement, publicKey)],
    ['capsule', () => checkCapsule(statement, pack())],
    ...(upgradeIn(statement) === undefined ? [] : [['from', from] as const]),
    ['meaning', () => assertMeaning(statement)],
    [
      'ledger',
      () => {
        if (requireLogKey) assertLogKey(capsim.proof, logKeys);
        return checkLedger(capsim, signed, publicKey, pack(), logKeys);
      },
    ],
  ]);
  const filed = filedAt(capsim.proof);
  run.findings = { ...run.findings, filedAt: filed };
  const by = signerAt(signer, options.trustedKeys, filed);
  return [['signer', by], ...(packer === undefined ? [] : [['from', packer] as const])];
}

function setStep(run: Verification, name: StepName, change: Partial<VerificationStep>): void {
  const at = run.steps.findIndex((step) => step.name === name);
  const step = run.steps[at];
  if (step !== undefined) run.steps[at] = { ...step, ...change };
}

function judge(
  run: Verification,
  signers: Signers,
  { policy = {}, trustedKeys }: VerifyOptions,
): VerificationReport {
  const unknown = signers.filter(([, { isTrusted }]) => !isTrusted);
  if (unknown.length > 0) {
    for (const [name, { sentence }] of unknown) setStep(run, name, { status: 'failed', sentence });
    const keys = new Set(unknown.map(([, { publicKey }]) => publicKey));
    for (const { publicKey } of trustedKeys) keys.delete(publicKey);
    const untrustedKeys = [...keys];
    run.findings = { ...run.findings, untrustedKeys };
    return run.report('untrusted', unknown.map(([, { sentence }]) => sentence).join(' '));
  }
  const { statement } = run.findings;
  if (statement !== undefined && !isEmptyPolicy(policy)) {
    const problem = [...policyProblems(statement.predicate.meshsim_evidence, policy)].join(' ');
    if (problem !== '') {
      run.steps.push({ name: 'policy', status: 'failed', sentence: problem });
      return run.report('policy-not-met', problem);
    }
    run.steps.push({ name: 'policy', status: 'ok', sentence: 'The policy is met.' });
  }
  return run.report('verified', 'Genuine, and signed by a key that is trusted here.');
}

/**
 * The whole checklist of docs/capsim.md, fail closed. Pure: no I/O, no clock; never throws.
 * `verified` means genuine, not that the run passed: that is `result.outcome`, or `policy.requirePass`.
 */
export function verifyCapsim(bytes: Uint8Array, options: VerifyOptions): VerificationReport {
  const run = new Verification();
  try {
    return judge(run, examine(run, bytes, options), options);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const { problems } = run;
    const { signerPublicKey } = run.findings;
    const trusts = options.trustedKeys.some(({ publicKey }) => publicKey === signerPublicKey);
    const isSigner = run.steps.at(-1)?.name === 'signer';
    if (!trusts && !isSigner) setStep(run, 'signer', { status: 'skipped' });
    return run.report('invalid', problems);
  }
}

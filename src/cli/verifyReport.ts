import { chaosWords } from '../model/chaosWords.ts';
import { isolationWords } from '../model/isolation.ts';
import { hostWords } from '../model/hostReport.ts';
import { programWords } from '../model/programWords.ts';
import { trafficWords } from '../model/trafficWords.ts';
import { printable, printableJson } from '../base/visibleText.ts';
import type { VerificationReport, VerificationStep } from '../evidence/verify.ts';
import { observedOf, type Observed, type StatedInvariant } from '../model/invariants.ts';
import type { UpgradeEvidence } from '../model/upgradeEvidence.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { allowedSignersLine, fingerprint } from '../signing/publicKey.ts';

/** Wraps text for a terminal, or leaves it as it is. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

function escape(code: number): (text: string) => string {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}

const plain = (text: string): string => text;

export function paletteFor(hasColour: boolean): Palette {
  if (!hasColour) return { good: plain, bad: plain, dim: plain, strong: plain };
  return { good: escape(32), bad: escape(31), dim: escape(2), strong: escape(1) };
}

const NAME_WIDTH = 10;

function stepLine({ name, status, sentence }: VerificationStep, palette: Palette): string {
  const mark = { ok: palette.good('✓'), failed: palette.bad('✗'), skipped: palette.dim('–') }[
    status
  ];
  return `  ${mark} ${name.padEnd(NAME_WIDTH)} ${palette.dim(printable(sentence))}`;
}

const VERDICTS: Readonly<Record<VerificationReport['verdict'], string>> = {
  verified: 'VERIFIED',
  invalid: 'INVALID',
  untrusted: 'NOT TRUSTED HERE',
  'policy-not-met': 'POLICY NOT MET',
};

/** What the evidence says, in a few lines; only for evidence that is not invalid. */
export function summaryLines(report: VerificationReport): string[] {
  const evidence = report.statement?.predicate.meshsim_evidence;
  if (evidence === undefined || report.verdict === 'invalid') return [];
  const { result, plan, invariants, environment } = evidence;
  const services = trafficWords(evidence);
  const programs = programWords(('programs' in evidence ? evidence.programs : undefined) ?? []);
  const hosts = hostWords(('hosts' in evidence ? evidence.hosts : undefined) ?? []);
  const [min, max] = result.params.latencyMs;
  const chaos = result.params.chaosMode === true ? `, chaos ${chaosWords(plan)}` : '';
  return [
    `outcome    ${result.outcome.toUpperCase()}`,
    `run        ${result.simId}, ${result.startedAt} to ${result.endedAt}`,
    `capsule    ${result.capsuleHash}`,
    `mesh       ${result.params.nodes} nodes, ${min}–${max} ms, ${result.params.packetLoss} % loss${chaos}`,
    ...('upgrade' in evidence ? [`upgrade    ${upgradeText(evidence.upgrade)}`] : []),
    `invariants ${invariantsText(invariants)}`,
    `world      ${environment.fidelity} on ${environment.os} ${environment.arch}`,
    ...(plan.world === 'virtual' ? [] : [`isolation  ${isolationWords(environment)}`]),
    ...(services === undefined ? [] : [`services   ${services}`]),
    ...hosts.map((line) => `host       ${line}`),
    ...programs.map((line) => `program    ${line}`),
    `signed by  ${report.signer ?? ''}`,
  ].map(printable);
}

function upgradeText({ from, outcome, waves, rollback }: UpgradeEvidence): string {
  const back = rollback.reason === undefined ? '' : ', and back on the way';
  return `${outcome}, from ${from.digest.sha256}, ${waves.length} waves${back}`;
}

function invariantsText(invariants: readonly StatedInvariant[]): string {
  const those = (observed: Observed) =>
    invariants.filter((invariant) => observedOf(invariant) === observed).map(({ name }) => name);
  const [violated, unobserved] = [those('violated'), those('not-observed')];
  return [
    violated.length === 0 ? `${those('held').length} held` : `broken: ${violated.join(', ')}`,
    ...(unobserved.length === 0 ? [] : [`not observed: ${unobserved.join(', ')}`]),
  ].join('; ');
}

function pinningLines({ untrustedKeys = [] }: VerificationReport): string[] {
  return untrustedKeys.flatMap((publicKey) => [
    '',
    `To trust this signer, first ask its owner for the fingerprint: ${fingerprint(publicKey)}`,
    'Then add this line to your allowed_signers file, or give the key with --key:',
    `  ${allowedSignersLine(publicKey, 'name-of-the-signer')}`,
  ]);
}

/** The checklist, the verdict, and what the evidence says. */
export function reportText(report: VerificationReport, file: string, palette: Palette): string {
  const paint = report.verdict === 'verified' ? palette.good : palette.bad;
  const verdict = palette.strong(paint(VERDICTS[report.verdict]));
  return [
    palette.strong(printable(file)),
    ...report.steps.map((step) => stepLine(step, palette)),
    '',
    `${verdict}  ${printable(report.sentence)}`,
    ...summaryLines(report).map((line) => `  ${line}`),
    ...pinningLines(report),
    '',
  ].join('\n');
}

/** The report for a program. The result appears only when it is not invalid. */
export function reportJson(report: VerificationReport, file: string): string {
  const { verdict, exitCode, sentence, steps, signer, signerPublicKey, statement, proof } = report;
  const result = verdict === 'invalid' ? undefined : statement?.predicate.meshsim_evidence.result;
  const ledger =
    proof === undefined
      ? undefined
      : { index: proof.index, treeSize: proof.treeSize, checkpoint: proof.checkpoint };
  const summary = {
    file,
    verdict,
    exitCode,
    sentence,
    signer,
    signerPublicKey,
    steps,
    ledger,
    result,
  };
  return `${printableJson(JSON.stringify(summary))}\n`;
}

/** What `--print` asks for; undefined when the file is invalid and there is nothing to be believed. */
export function printed(
  report: VerificationReport,
  what: 'result' | 'statement' | 'summary',
): string | undefined {
  if (report.statement === undefined || report.verdict === 'invalid') return undefined;
  if (what === 'summary') return `${summaryLines(report).join('\n')}\n`;
  if (what === 'statement') return Buffer.from(report.statementBytes ?? []).toString('utf8');
  const { result } = report.statement.predicate.meshsim_evidence;
  return Buffer.from(canonicalBytes(result)).toString('utf8');
}

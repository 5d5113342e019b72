import { readCapsim } from '../evidence/capsim.ts';
import { verifyCapsim } from '../evidence/verify.ts';
import type { Decision, EffectivePolicy, RuleResult } from '../model/deploy.ts';
import { envelopeDigest } from '../signing/dsse.ts';
import { leafHash } from '../signing/merkle.ts';
import { CAPSULE_RULES } from './capsuleRules.ts';
import type { FilePlace, GateInput, GateQuestion } from './gateFacts.ts';
import { EVIDENCE_RULES, type Rule } from './gateRules.ts';

/** For the rules that every environment asks; no rule on evidence is asked without a policy. */
const NO_POLICY: EffectivePolicy = {
  maxAgeDays: 0,
  minNodes: Infinity,
  minPacketLoss: Infinity,
  minLatencyMs: Infinity,
  requireChaos: true,
  trustedSigners: [],
  objectives: 'met',
  isolation: 'full',
  upgradeFrom: 'active',
  requireRollback: true,
  allowDegraded: false,
  allowVirtual: false,
  allowBreakGlass: false,
};

/**
 * Whether a Capsule may be deployed to an environment, and every reason why not. Pure: no I/O, no clock. Denied unless
 * every rule holds; or, where the policy lets glass be broken, every rule on what the Capsule itself is.
 * @param policy undefined: the environment asks for no rehearsal
 * @param now milliseconds since the Unix epoch
 */
export function decide(
  input: GateInput,
  policy: EffectivePolicy | undefined,
  now: number,
): Decision {
  const question = questionOf(input, policy ?? NO_POLICY, now);
  const rules = policy === undefined ? CAPSULE_RULES : [...CAPSULE_RULES, ...EVIDENCE_RULES];
  const results = rules.map((rule) => resultOf(rule, question));
  const failed = rules.filter((_, at) => results[at]?.status === 'failed');
  const glass = brokenGlass(input, policy, failed);
  const isAllowed = failed.length === 0 || glass?.status === 'ok';
  const { newest } = question;
  return {
    environment: input.environment,
    capsuleHash: input.capsuleHash,
    decision: isAllowed ? 'allow' : 'deny',
    decidedAt: new Date(now).toISOString(),
    rules: glass === undefined ? results : [...results, glass],
    ...(newest === undefined || policy === undefined
      ? {}
      : { evidence: { simId: newest.simId, digest: newest.result.body } }),
    ...(glass?.status === 'ok' && input.breakGlass !== undefined
      ? {
          breakGlass: { reason: input.breakGlass, overridden: failed.map(({ rule }) => rule) },
        }
      : {}),
  };
}

function questionOf(input: GateInput, policy: EffectivePolicy, now: number): GateQuestion {
  // The latest by ledger index, never by what a clock said.
  const newest = input.runs
    .flatMap((run) => (run.result === undefined ? [] : [{ ...run, result: run.result }]))
    .reduce<GateQuestion['newest']>(
      (latest, run) =>
        latest === undefined || run.result.index > latest.result.index ? run : latest,
      undefined,
    );
  const bytes = input.evidence?.bytes;
  if (newest === undefined || bytes === undefined) {
    return { input, policy, now, newest, report: undefined, place: undefined };
  }
  const { trustedKeys, logKey } = input;
  const report = verifyCapsim(bytes, {
    trustedKeys,
    logKeys: logKey === undefined ? [] : [{ publicKey: logKey }],
    requireLogKey: true,
  });
  return { input, policy, now, newest, report, place: placeOf(bytes) };
}

function placeOf(capsim: Uint8Array): FilePlace | undefined {
  try {
    const { envelope, proof } = readCapsim(capsim);
    return {
      envelopeDigest: envelopeDigest(envelope),
      index: proof.index,
      leafHash: Buffer.from(leafHash(proof.leaf)).toString('hex'),
    };
  } catch {
    return undefined;
  }
}

function resultOf({ rule, check }: Rule, question: GateQuestion): RuleResult {
  const finding = check(question);
  if (finding === undefined) return { rule, status: 'skipped', sentence: 'Nothing to check.' };
  return { rule, status: finding.holds ? 'ok' : 'failed', sentence: finding.sentence };
}

/** Undefined when nobody asked for it, or nothing needs it. */
function brokenGlass(
  { breakGlass }: GateInput,
  policy: EffectivePolicy | undefined,
  failed: readonly Rule[],
): RuleResult | undefined {
  if (breakGlass === undefined || failed.length === 0) return undefined;
  const refuse = (sentence: string): RuleResult => ({
    rule: 'break-glass',
    status: 'failed',
    sentence,
  });
  if (policy?.allowBreakGlass !== true) {
    return refuse("This environment's gate does not let anyone break the glass.");
  }
  if (failed.some(({ about }) => about === 'capsule')) {
    return refuse('Breaking the glass stands in for a rehearsal, not for a sound Capsule.');
  }
  return { rule: 'break-glass', status: 'ok', sentence: `The glass was broken: ${breakGlass}` };
}

import { chaosShown } from '../evidence/faultEffects.ts';
import { HELD_SENTENCE, isHeld } from '../evidence/policy.ts';
import { TOO_BUSY } from '../model/comparedSamples.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import type { Indicator } from '../model/indicator.ts';
import type { GateRule } from '../model/deploy.ts';
import { isViolated } from '../model/invariants.ts';
import { isIsolated, isolationWords, type StatedIsolation } from '../model/isolation.ts';
import { nameWithWay } from '../model/measuredBy.ts';
import { indicatorName, type ServiceObjective } from '../model/serviceMeasures.ts';
import { fingerprint } from '../signing/publicKey.ts';
import { fails, type Finding, holds, must } from './finding.ts';
import type { GateQuestion } from './gateFacts.ts';
import { hostsAccepted } from './hostRules.ts';
import { enoughLatency, enoughLoss } from './networkRules.ts';
import { programsAccepted } from './programRules.ts';
import { upgradedFromActive, wentBack } from './upgradeRules.ts';
import { degradedReasons } from '../model/timingBudget.ts';

export interface Rule {
  readonly rule: GateRule;
  /** `capsule`: what the Capsule and its ledger are, which nothing overrides. `evidence`: what a rehearsal has shown. */
  readonly about: 'capsule' | 'evidence';
  readonly check: (question: GateQuestion) => Finding;
}

/** How far clocks of honest machines may differ. */
const MAX_SKEW_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function age(milliseconds: number): string {
  const [value, unit] =
    Math.abs(milliseconds) < 2 * DAY_MS
      ? [milliseconds / HOUR_MS, 'h']
      : [milliseconds / DAY_MS, 'days'];
  return `${value.toFixed(1)} ${unit}`;
}

/** A rule on what verified evidence states; skipped while there is none. */
function onEvidence(
  rule: GateRule,
  check: (evidence: EvidenceExtension, question: GateQuestion) => Finding,
): Rule {
  return {
    rule,
    about: 'evidence',
    check: (question) => {
      const { report } = question;
      if (report?.statement === undefined || report.verdict === 'invalid') return undefined;
      return check(report.statement.predicate.meshsim_evidence, question);
    },
  };
}

/** What to do about nodes that had too little of their own. */
function wayToIsolation({ isolationLimit }: StatedIsolation): string {
  return isolationLimit?.by === 'settings'
    ? 'Rehearse again with other settings.'
    : 'Rehearse on Linux, with namespaces for the user who does.';
}

/** An indicator with another threshold than the Capsule's objective, or measured in another way, says nothing about it. */
function measures(indicator: Indicator, stated: ServiceObjective): boolean {
  const { metric, comparator, threshold } = stated.objective;
  return (
    indicator.name === indicatorName(stated) &&
    indicator.metric === metric &&
    indicator.comparator === comparator &&
    indicator.threshold === threshold &&
    isMeasuredAsStated(indicator, stated)
  );
}

/** Evidence that does not say how it measured is of an earlier release, which knew no objective that asks for one way. */
/** Starts and calls of an upgrade are of two Capsules, and measure none. */
function isMeasurable({ measuredBy }: ServiceObjective, evidence: EvidenceExtension): boolean {
  return !('upgrade' in evidence) || measuredBy === 'probes';
}

function isMeasuredAsStated({ measuredBy }: Indicator, stated: ServiceObjective): boolean {
  return measuredBy === undefined
    ? stated.objective.measuredBy === undefined
    : measuredBy === stated.measuredBy;
}

export const EVIDENCE_RULES: readonly Rule[] = [
  {
    rule: 'clock-sane',
    about: 'evidence',
    check: ({ input: { ledger }, now }) =>
      must(
        Date.parse(ledger.newestAt ?? '') <= now,
        'This clock is not behind the ledger.',
        ledger.newestAt === undefined
          ? 'The ledger has no entry to hold the clock against.'
          : `The clock says ${new Date(now).toISOString()}, before the newest ledger entry of ${ledger.newestAt}: it was set back.`,
      ),
  },
  {
    rule: 'rehearsed',
    about: 'evidence',
    check: ({ newest }) =>
      newest === undefined
        ? fails('There is no sealed rehearsal of this Capsule.')
        : holds(`Rehearsed: simulation ${newest.simId}.`),
  },
  {
    rule: 'newest-run-sealed',
    about: 'evidence',
    check: ({ input: { runs }, newest }) => {
      const open = runs.findLast(
        ({ result, startedAt }) => result === undefined && startedAt > (newest?.startedAt ?? -1),
      );
      return must(
        open === undefined,
        'No rehearsal that was started later was left unsealed.',
        `Simulation ${open?.simId ?? ''} was started later and is not sealed: it still runs, or its outcome was discarded.`,
      );
    },
  },
  {
    rule: 'evidence-recorded',
    about: 'evidence',
    check: ({ input: { evidence }, newest, place }) => {
      if (newest === undefined) return undefined;
      if (evidence?.problem !== undefined) {
        return fails(`The stored evidence does not hold: ${evidence.problem}`);
      }
      // Of an unreadable file there is nothing to compare; that it is unreadable is the next rule's finding.
      if (place === undefined) return undefined;
      const { index, leafHash, body } = newest.result;
      const isTheFile =
        place.envelopeDigest === body && place.index === index && place.leafHash === leafHash;
      return must(
        isTheFile,
        `It is what ledger entry ${index} stands for.`,
        `The stored file is not what ledger entry ${index} stands for: it was exchanged, or the entry was filed again.`,
      );
    },
  },
  {
    rule: 'evidence-genuine',
    about: 'evidence',
    check: ({ newest, report }) => {
      if (newest === undefined) return undefined;
      return must(
        report !== undefined && report.verdict !== 'invalid',
        'Its signatures, digests and ledger proof hold.',
        `The evidence does not verify: ${report?.sentence ?? 'it is missing.'}`,
      );
    },
  },
  onEvidence('same-capsule', ({ result }, { input, newest }) =>
    must(
      result.capsuleHash === input.capsuleHash && result.simId === newest?.simId,
      'It is about this very Capsule.',
      `It is about Capsule ${result.capsuleHash.slice(0, 12)} and simulation ${result.simId}, not about this one.`,
    ),
  ),
  onEvidence('signer-trusted', (_, { report }) =>
    must(
      report?.verdict === 'verified',
      `Signed by ${report?.signer ?? ''}, trusted here.`,
      report?.sentence ?? '',
    ),
  ),
  onEvidence('signer-allowed', ({ result }, { input, policy }) => {
    const names = policy.trustedSigners;
    const isAllowed =
      names.includes('any') ||
      names.includes(fingerprint(result.signedBy)) ||
      (names.includes('own') && result.signedBy === input.ownKey);
    return must(
      isAllowed,
      'Its signer is one this environment accepts.',
      `This environment accepts evidence signed by ${names.join(', ')} only.`,
    );
  }),
  onEvidence('outcome-pass', ({ result, invariants }) => {
    const broken = invariants.find(isViolated);
    return must(
      result.outcome === 'pass',
      'The newest rehearsal passed.',
      `The newest rehearsal failed${broken === undefined ? '' : ` (${broken.name})`}.`,
    );
  }),
  onEvidence('not-in-future', ({ result }, { now }) =>
    must(
      Date.parse(result.endedAt) - now <= MAX_SKEW_MS,
      'It did not end in the future.',
      `It ended at ${result.endedAt}, which is in the future.`,
    ),
  ),
  onEvidence('fresh', ({ result }, { policy, now }) => {
    const ageMs = now - Date.parse(result.endedAt);
    return must(
      ageMs <= policy.maxAgeDays * DAY_MS,
      `It ended ${age(Math.max(0, ageMs))} ago; ${policy.maxAgeDays} days are allowed.`,
      `It ended ${age(ageMs)} ago; at most ${policy.maxAgeDays} days are allowed.`,
    );
  }),
  onEvidence('real-world', ({ environment, plan }, { policy }) => {
    const isReal = environment.fidelity !== 'virtual' && plan.world === 'real';
    return must(
      isReal || policy.allowVirtual,
      isReal ? 'Real processes ran.' : 'It ran in virtual time, which this environment accepts.',
      'It ran in virtual time: no service was started.',
    );
  }),
  onEvidence('isolated', ({ environment }, { policy }) => {
    if (policy.isolation === 'any') return undefined;
    // No service runs in virtual time, so no machine was asked for more.
    if (policy.isolation === 'available' && environment.fidelity === 'virtual') return undefined;
    const had = isolationWords(environment);
    return must(
      isIsolated(environment, policy.isolation),
      `Every node had its isolation: ${had}.`,
      `Its nodes were isolated: ${had}; ${policy.isolation} is required. ${wayToIsolation(environment)}`,
    );
  }),
  onEvidence('programs', programsAccepted),
  onEvidence('hosts', hostsAccepted),
  onEvidence('full-fidelity', (evidence, { policy }) =>
    must(
      !evidence.environment.degraded || policy.allowDegraded,
      evidence.environment.degraded
        ? 'Its timing missed the budget, which this environment accepts.'
        : 'Its timing kept the budget.',
      `Its timing missed the budget: ${degradedReasons(evidence).join('; ')}. ${TOO_BUSY}`,
    ),
  ),
  onEvidence('not-held', (evidence) =>
    must(!isHeld(evidence), 'Its nodes had been stopped when it was sealed.', HELD_SENTENCE),
  ),
  onEvidence('no-drift', ({ plan }) =>
    must(
      plan.drift.length === 0,
      'Every node was offered the signed commits.',
      `${plan.drift.map(({ node }) => node).join(', ')} was offered other commits than the signed ones.`,
    ),
  ),
  onEvidence('signatures-checked', ({ plan }) =>
    must(
      plan.params.verifySignatures,
      'Signatures were checked at every hop.',
      'Signature checks were switched off.',
    ),
  ),
  onEvidence('enough-nodes', ({ result }, { policy }) =>
    must(
      result.params.nodes >= policy.minNodes,
      `${result.params.nodes} nodes.`,
      `It had ${result.params.nodes} nodes; at least ${policy.minNodes} are required.`,
    ),
  ),
  onEvidence('enough-loss', (evidence, { policy }) => enoughLoss(evidence, policy.minPacketLoss)),
  onEvidence('enough-latency', (evidence, { policy }) =>
    enoughLatency(evidence, policy.minLatencyMs),
  ),
  onEvidence('chaos', (evidence, { policy }) => {
    if (!policy.requireChaos) return undefined;
    const { isEnough, sentence } = chaosShown(evidence);
    return must(isEnough, sentence, sentence);
  }),
  onEvidence('objectives', (evidence, { policy, input }) => {
    const { indicators } = evidence;
    if (policy.objectives === 'ignore') return undefined;
    const failed = indicators
      .filter(({ passed }) => !passed)
      .map(({ name, measuredBy }) => nameWithWay(name, measuredBy));
    if (failed.length > 0) return fails(`Objectives were missed: ${failed.join('; ')}.`);
    const missing = (input.pack?.objectives ?? [])
      .filter((stated) => isMeasurable(stated, evidence))
      .filter((stated) => !indicators.some((indicator) => measures(indicator, stated)))
      .map((stated) => nameWithWay(indicatorName(stated), stated.measuredBy));
    return must(
      policy.objectives !== 'met' || missing.length === 0,
      'upgrade' in evidence
        ? `${indicators.length} objectives were measured when all nodes ran the new Capsule, and none was missed.`
        : `${indicators.length} objectives were measured and none was missed.`,
      `Objectives were not measured: ${missing.join('; ')}.`,
    );
  }),
  onEvidence('from-active', upgradedFromActive),
  onEvidence('way-back', wentBack),
];

import type { EvidenceStatement } from '../../model/evidence.ts';
import type { ComparedSide, NotCompared, RunComparison } from '../../model/runComparison.ts';
import { isSameConditions } from '../comparison.ts';
import { capsuleDifference, type ComparedCapsule } from './capsules.ts';
import { changesBetween } from './changes.ts';
import { judgementOf } from './judgement.ts';
import { latencyDifferences } from './latency.ts';
import { machineDifference } from './machines.ts';
import { phaseDifferences } from './phases.ts';
import { recordedRunOf, type RecordedRun } from './recordedRun.ts';
import { eventsBetween } from './sequences.ts';

/** One of two runs to compare, as far as its evidence was verified and its events are here. */
export interface SideToCompare {
  readonly name: string;
  readonly verdict: ComparedSide['verdict'];
  /** What decided the verdict. */
  readonly sentence: string;
  /** Undefined unless the verdict is "verified". */
  readonly verified?: VerifiedSide | undefined;
}

export interface VerifiedSide {
  readonly statement: EvidenceStatement;
  readonly capsule: ComparedCapsule;
  readonly events: {
    /** Of an events.jsonl with the signed digest; undefined: it is not here. */
    readonly text?: string | undefined;
    readonly sentence: string;
  };
}

/** Two runs side by side. What is not verified, or not here, is not compared, and says why. Pure. */
export function compareSides(a: SideToCompare, b: SideToCompare): RunComparison {
  const sides = { a: sideOf(a), b: sideOf(b) };
  if (a.verified === undefined || b.verified === undefined) {
    const [name, { sentence }] =
      a.verified === undefined ? (['A', a] as const) : (['B', b] as const);
    const why = { notCompared: `The evidence of ${name} is not verified here: ${sentence}` };
    const parts = { plan: why, capsule: why, machine: why, judgement: why };
    return { ...sides, ...parts, phases: why, latency: why, events: why };
  }
  return { ...sides, ...partsOf(a.verified, b.verified) };
}

function sideOf({ name, verdict, sentence, verified }: SideToCompare): ComparedSide {
  if (verified === undefined) {
    const events = { isSigned: false, sentence: 'Not looked at: the evidence is not verified.' };
    return { name, verdict, sentence, events };
  }
  const { statement, capsule, events } = verified;
  const { result, plan } = statement.predicate.meshsim_evidence;
  const { simId, capsuleHash, outcome, startedAt, endedAt } = result;
  const product = capsule.pack.predicate.buildDefinition.externalParameters.name;
  return {
    ...{ name, verdict, sentence },
    events: { isSigned: events.text !== undefined, sentence: events.sentence },
    run: { simId, capsuleHash, product, outcome, startedAt, endedAt, seed: plan.seed },
  };
}

function partsOf(a: VerifiedSide, b: VerifiedSide): Omit<RunComparison, 'a' | 'b'> {
  const ofA = a.statement.predicate.meshsim_evidence;
  const ofB = b.statement.predicate.meshsim_evidence;
  const recorded = { a: recordedOf(a), b: recordedOf(b) };
  return {
    plan: {
      isSameConditions: isSameConditions(ofA, ofB),
      // The Capsule has a part of its own.
      changes: changesBetween({ ...ofA.plan, capsuleHash: '' }, { ...ofB.plan, capsuleHash: '' }),
    },
    capsule: capsuleDifference(a.capsule, b.capsule),
    machine: machineDifference(ofA, ofB),
    judgement: judgementOf(
      { statement: a.statement, samples: recorded.a?.samples },
      { statement: b.statement, samples: recorded.b?.samples },
    ),
    phases: { phases: phaseDifferences(ofA, ofB) },
    latency: latencyDifferences(
      { evidence: ofA, recorded: recorded.a },
      { evidence: ofB, recorded: recorded.b },
    ),
    events: eventsOf(a, b, recorded),
  };
}

function recordedOf({ statement, events }: VerifiedSide): RecordedRun | undefined {
  if (events.text === undefined) return undefined;
  return recordedRunOf(events.text, statement.predicate.meshsim_evidence);
}

function eventsOf(
  a: VerifiedSide,
  b: VerifiedSide,
  recorded: { readonly a: RecordedRun | undefined; readonly b: RecordedRun | undefined },
): RunComparison['events'] {
  if (recorded.a === undefined) return missing('A', a);
  if (recorded.b === undefined) return missing('B', b);
  return eventsBetween(recorded.a.sequences, recorded.b.sequences);
}

function missing(name: string, { events }: VerifiedSide): NotCompared {
  return { notCompared: `${name}: ${events.sentence}` };
}

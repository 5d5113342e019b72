import type { Indicator } from '../model/indicator.ts';
import {
  CONTAINED,
  OBJECTIVES_INVARIANT,
  type Invariant,
  type InvariantName,
} from '../model/invariants.ts';
import { nameWithWay } from '../model/measuredBy.ts';
import { indicatorName, serviceOf, type ServiceObjective } from '../model/serviceMeasures.ts';

/** Times in ms since the run began. */
export interface HealthAsked {
  readonly from: number;
  readonly to: number;
  readonly services: number;
  /** Had exited with 0 before, and were not asked. */
  readonly oneShots: number;
}

/** What was observed of one node, for the invariants. */
export interface NodeFacts {
  readonly nodeId: string;
  /** Its last phase is `healthy` and ended well. */
  readonly healthy: boolean;
  /** Neither down for good nor halted, and linked to n0 through such nodes by links that are up. */
  readonly reachable: boolean;
  /** When all its services passed their health checks again, after the last fault, and how many; undefined: not asked. */
  readonly health?: HealthAsked | undefined;
  /** False when a service of it was started although no Capsule had been verified in that incarnation. */
  readonly verifiedBeforeStart: boolean;
  /** Whether what it runs is the signed content; null when it ran nothing. */
  readonly runsSignedContent: boolean | null;
  /** The difference, as one sentence, when `runsSignedContent` is false. */
  readonly contentDetails?: string;
  /** False when its content was compared once its services were healthy, and not when they had stopped. */
  readonly comparedAtEnd: boolean;
  /** Manifests and chunks it had refused and relayed all the same. */
  readonly relayedRefused: number;
  /** Manifests and chunks it refused. */
  readonly refused: number;
}

/** What the search for processes at the end of a run came to. */
export type ProcessesFound =
  | 'none-started'
  /** Why nobody could look, one clause. */
  | { readonly notLooked: string }
  | {
      /** Processes that were still there, as short descriptions; they have been ended. */
      readonly left: readonly string[];
      /** How many of them could not be ended. */
      readonly immortal: number;
      /** Processes that began during the run and are closed to its user: their descent alone was looked at. */
      readonly closed: number;
      /** Whosever they were, processes that had ended before they could be looked at, at the last of many looks. */
      readonly missed: number;
      /** All that services started was in namespaces that had ended by then. */
      readonly contained?: boolean;
    };

export interface InvariantFacts {
  readonly nodes: readonly NodeFacts[];
  /** Services that ran as programs of the machine; left out: none. */
  readonly programs?: readonly string[];
  /** Faults that never fired (ChaosDirector.unfired). */
  readonly unfired: readonly string[];
  /** In virtual time no service runs that could be asked: nodes were looked at, at this ms since the run began. */
  readonly virtualMs?: number;
  readonly processes: ProcessesFound;
  /** Nodes were not stopped before this: they are held up to be looked at. */
  readonly held?: boolean;
}

export function judged(name: InvariantName, problem: string | undefined, fine: string): Invariant {
  return problem === undefined
    ? { name, observed: 'held', details: fine }
    : { name, observed: 'violated', details: problem };
}

/** Of nothing anything can be said: where there was nothing to look at, nothing was observed. */
export function unobserved(name: InvariantName, details: string): Invariant {
  return { name, observed: 'not-observed', details };
}

/** Above this many, names are counted instead. */
const NAMED_NODES = 10;

function names(nodes: readonly NodeFacts[]): string {
  const named = nodes.slice(0, NAMED_NODES).map((node) => node.nodeId);
  const more = nodes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

function verifiedBeforeStart({ nodes }: InvariantFacts): Invariant {
  const early = nodes.filter((node) => !node.verifiedBeforeStart);
  return judged(
    'verified-before-start',
    early.length > 0
      ? `${names(early)} started services before a Capsule was verified there.`
      : undefined,
    'No service was started before its node had verified the Capsule.',
  );
}

function runsSignedContent(facts: InvariantFacts): Invariant {
  const { nodes, virtualMs, held, programs = [] } = facts;
  const other = nodes.find((node) => node.runsSignedContent === false);
  const ran = nodes.filter((node) => node.runsSignedContent === true);
  const foreign =
    programs.length === 0
      ? ''
      : ` Of ${programs.join(', ')}, run by programs of the machine, nothing is signed but what is required of them: files, versions and digests are recorded by node.`;
  if (other === undefined && ran.length === 0) {
    return unobserved(
      'runs-signed-content',
      `No node ran services whose content could be compared.${foreign}`,
    );
  }
  const early = ran.filter((node) => !node.comparedAtEnd);
  const compared =
    virtualMs !== undefined
      ? ', by what their protocol let in'
      : `, compared for every signed file on its disk when it was healthy and ${held === true ? 'before it was held up' : 'when it had stopped'}`;
  const unseen = early.length === 0 ? '' : ` ${names(early)} ended early: compared only before.`;
  return judged(
    'runs-signed-content',
    other && (other.contentDetails ?? `${other.nodeId} runs content that was not signed.`),
    `All ${ran.length} nodes that ran ${programs.length === 0 ? '' : 'packed '}services ran exactly the signed content${compared}.${unseen}${foreign}`,
  );
}

function refusedNeverRelayed({ nodes }: InvariantFacts): Invariant {
  const relaying = nodes.filter((node) => node.relayedRefused > 0);
  const refused = nodes.reduce((sum, node) => sum + node.refused, 0);
  return judged(
    'refused-never-relayed',
    relaying.length > 0 ? `${names(relaying)} relayed content it had refused.` : undefined,
    `${refused} manifests and chunks were refused and none of them was relayed.`,
  );
}

/** A fault that never fired proves nothing: a run that was to rehearse it has not converged after it. */
function converged({ nodes, unfired, virtualMs }: InvariantFacts): Invariant {
  const reachable = nodes.filter((node) => node.reachable);
  const behind = reachable.filter((node) => !node.healthy);
  const unasked = reachable.filter((node) => node.health === undefined);
  const problem =
    behind.length > 0
      ? `${names(behind)} could be reached and did not become or stay healthy.`
      : unfired.length > 0
        ? `The chaos schedule was not exercised: ${unfired.join('; ')}.`
        : virtualMs === undefined && unasked.length > 0
          ? `The services of ${names(unasked)} were not asked for their health after the last fault.`
          : undefined;
  if (problem === undefined && reachable.length === 0) {
    return unobserved(
      'converged',
      'n0 is not up, so no node could be reached and none had to converge.',
    );
  }
  return judged('converged', problem, convergedSentence(reachable, virtualMs));
}

function convergedSentence(reachable: readonly NodeFacts[], virtualMs: number | undefined): string {
  const start = `After the last fault all ${reachable.length} reachable nodes are healthy`;
  if (virtualMs !== undefined) {
    const at = Math.floor(virtualMs);
    return `${start}, looked at ${at} ms after the run began; no service runs in virtual time, so none was asked.`;
  }
  const asked = reachable.flatMap(({ health }) => health ?? []);
  const services = asked.reduce((sum, health) => sum + health.services, 0);
  const oneShots = asked.reduce((sum, health) => sum + health.oneShots, 0);
  if (services === 0 && oneShots > 0) {
    return `${start}: their ${oneShots} one-shot services had exited with code 0, and no other was there to be asked.`;
  }
  const from = Math.floor(Math.min(...asked.map((health) => health.from)));
  const to = Math.ceil(Math.max(...asked.map((health) => health.to)));
  const before =
    oneShots === 0 ? '' : `; their ${oneShots} one-shot services had exited with code 0 before`;
  return `${start}: each of their ${services} services passed its health check, asked from ${from} to ${to} ms after the run began${before}.`;
}

const WAYS = 'folder, environment, group, session, descent and network namespace';

/** By construction, which the verifier knows this sentence by. */
const CONTAINED_SENTENCE = `No process of the run was left when it ended: ${CONTAINED}.`;

/** Beyond these, processes are counted. */
const NAMED_PROCESSES = 10;

function noProcessLeft({ processes }: InvariantFacts): Invariant {
  if (processes === 'none-started') {
    return judged('no-process-left', undefined, 'The run started no process.');
  }
  if ('notLooked' in processes) {
    const details = `Nobody could see whether a process was left: ${processes.notLooked}.`;
    return unobserved('no-process-left', details);
  }
  const { left, immortal, closed, missed, contained = false } = processes;
  const more = left.length - NAMED_PROCESSES;
  const named = left.slice(0, NAMED_PROCESSES).join(', ');
  const end = immortal > 0 ? `${immortal} of them could not be ended` : 'they were ended';
  const unseen =
    closed === 0
      ? ''
      : ` Of ${closed} processes that began meanwhile and are closed to this user, descent alone was looked at.`;
  const looked = `looked by ${WAYS}.${unseen}`;
  if (!contained && left.length === 0 && missed > 0) {
    const gone = `${missed} of this machine's processes ended before they could be looked at, and whom they had started may not have been seen`;
    const details = `No process of the run was found when it ended, but at the last of many looks ${gone}; ${looked}`;
    return unobserved('no-process-left', details);
  }
  return judged(
    'no-process-left',
    left.length > 0
      ? `${left.length} processes outlived the run: ${named}${more > 0 ? ` and ${more} more` : ''}; ${end}.`
      : undefined,
    contained ? CONTAINED_SENTENCE : `No process of the run was left when it ended; ${looked}`,
  );
}

export interface ObjectivesFound {
  /** What this run was to measure. */
  readonly objectives: readonly ServiceObjective[];
  /** What it measured. */
  readonly indicators: readonly Indicator[];
  readonly hasCrashed: boolean;
  /** Sentences that say why others did not reach one of these services. */
  readonly reasonsOf?: (services: readonly string[]) => readonly string[];
  /** What no run of this kind measures: named, and not asked for. */
  readonly beyond?: readonly ServiceObjective[];
}

/**
 * Every objective held. One that could not be measured has not held, but a recovery where nothing crashed is none that was
 * asked for.
 */
export function objectivesMet({
  objectives,
  indicators,
  hasCrashed,
  reasonsOf = () => [],
  beyond = [],
}: ObjectivesFound): Invariant {
  const missed = indicators.filter(({ passed }) => !passed);
  const unmeasured = objectives
    .filter(({ objective }) => hasCrashed || objective.metric !== 'recovery-ms')
    .filter((stated) => !indicators.some(({ name }) => name === indicatorName(stated)))
    .map((stated) => ({ name: indicatorName(stated), measuredBy: stated.measuredBy }));
  const unanswered = [...missed, ...unmeasured].filter((one) => one.measuredBy !== undefined);
  const named = (ones: readonly Pick<Indicator, 'name' | 'measuredBy'>[]) =>
    ones.map(({ name, measuredBy }) => nameWithWay(name, measuredBy)).join('; ');
  const problems = [
    ...(missed.length > 0 ? [`Missed: ${named(missed)}.`] : []),
    ...(unmeasured.length > 0 ? [`Not measured: ${named(unmeasured)}.`] : []),
    ...reasonsOf(unanswered.map(serviceOf)),
  ];
  const left =
    beyond.length === 0
      ? ''
      : ` An upgrade does not measure ${beyond.map((stated) => nameWithWay(indicatorName(stated), stated.measuredBy)).join('; ')}.`;
  if (problems.length === 0 && indicators.length === 0) {
    const sentence = 'No objective was there to be measured in this run.';
    return unobserved(OBJECTIVES_INVARIANT, sentence + left);
  }
  return judged(
    OBJECTIVES_INVARIANT,
    problems.length > 0 ? problems.join(' ') : undefined,
    `All ${indicators.length} objectives that were measured were met.${left}`,
  );
}

/** The invariants of model/invariants INVARIANTS, in that order. */
export function checkInvariants(facts: InvariantFacts): Invariant[] {
  return [
    verifiedBeforeStart(facts),
    runsSignedContent(facts),
    refusedNeverRelayed(facts),
    converged(facts),
    noProcessLeft(facts),
  ];
}

import type { Invariant } from '../../model/invariants.ts';
import type { CapsuleVersion, UpgradeOutcome } from '../../model/upgradeReport.ts';
import { servedThroughout, type Served } from './servedThroughout.ts';
import { checksHeld, type ChecksSeen } from './checksHeld.ts';
import { judged, unobserved } from '../invariants.ts';

/** What a node was seen to run. */
export interface SeenNode {
  readonly nodeId: string;
  /** Null: nothing, it was down or between two Capsules. */
  readonly runs: CapsuleVersion | null;
  readonly shouldRun: CapsuleVersion;
  readonly isHealthy: boolean;
  /** How what it runs differs from what was signed, one sentence; left out: it does not. */
  readonly difference?: string;
}

/** A look at all nodes, summed up: an upgrade of a large mesh takes many. */
export interface Look {
  /** ms since the run began. */
  readonly atMs: number;
  /** How many ran something. */
  readonly ran: number;
  /** Of those that did not run exactly what they should, one sentence each. */
  readonly other: readonly string[];
  readonly unhealthy: readonly string[];
}

/** What was observed of an upgrade, for its invariants. */
export interface UpgradeFacts {
  /** How often nodes started the services of either Capsule. */
  readonly starts: Readonly<Record<CapsuleVersion, number>>;
  /** Of starts before the node held that Capsule whole and verified, one sentence each. */
  readonly unverifiedStarts: readonly string[];
  /** When each wave had ended well, and when the run ended. */
  readonly looks: readonly Look[];
  /** When all nodes were back on the old Capsule; one for each way back that came so far. */
  readonly back: readonly Look[];
  /** Ways back that began. */
  readonly waysBack: number;
  readonly plansWayBack: boolean;
  readonly outcome: UpgradeOutcome;
  /** What the upgrade came to, one sentence. */
  readonly details: string;
  /** Of nodes that kept the old Capsule, one sentence each. */
  readonly halted: readonly string[];
  /** Looks at state folders between two Capsules, entries that were left there, and those that were lost, one sentence each. */
  readonly state: {
    readonly moves: number;
    readonly entries: number;
    readonly lost: readonly string[];
    /** Moves of the node on which the workload ran, after which something was not as it had been left. */
    readonly unclear: number;
  };
  /** Services start beside those that serve. */
  readonly isBeside?: boolean | undefined;
  /** Left out: nobody asked services in this world. */
  readonly served?: Served | undefined;
  /** Left out: nobody runs checks in this world. */
  readonly checks?: ChecksSeen | undefined;
  /** How it is known that a Capsule was whole and verified before it was started, as part of a sentence; undefined: its plan has no signature checked. */
  readonly verified: string | undefined;
  /** How nodes were compared, as the end of a sentence: "by what their protocol let in". */
  readonly compared: string;
  /** Why nothing of services was looked at, one clause. */
  readonly noServices: string;
}

export function lookAt(nodes: readonly SeenNode[], atMs: number): Look {
  const running = nodes.filter(({ runs }) => runs !== null);
  return {
    atMs,
    ran: running.length,
    other: running.flatMap((node) => otherThanItShould(node) ?? []),
    unhealthy: nodes.filter(({ isHealthy }) => !isHealthy).map(({ nodeId }) => nodeId),
  };
}

function otherThanItShould({ nodeId, runs, shouldRun, difference }: SeenNode): string | undefined {
  if (runs === shouldRun) return difference;
  return `${nodeId} ran the ${runs ?? 'old'} Capsule, and should have run the ${shouldRun} one.`;
}

function everyVersionVerified({ starts, unverifiedStarts, verified }: UpgradeFacts): Invariant {
  const name = 'every-version-verified';
  const count = starts.old + starts.new;
  if (count === 0) return unobserved(name, 'No node started services of either Capsule.');
  const [problem] = unverifiedStarts;
  if (verified === undefined) {
    const unchecked = 'No signature was checked, as the plan says.';
    return problem === undefined ? unobserved(name, unchecked) : judged(name, problem, unchecked);
  }
  return judged(
    name,
    problem,
    `All ${count} starts of services were of a Capsule that the node held whole and verified, ${verified}: ${starts.old} of the old one, which nodes have from the start, and ${starts.new} of the new one.`,
  );
}

function upgradedRunsSignedContent(facts: UpgradeFacts): Invariant {
  const { looks, outcome, details, halted, compared } = facts;
  const other = looks.flatMap((look) => look.other)[0];
  const problem = other ?? (outcome === 'completed' ? undefined : (halted[0] ?? details));
  const ran = looks.reduce((sum, look) => sum + look.ran, 0);
  return judged(
    'upgraded-runs-signed-content',
    problem,
    `After each of ${looks.length - 1} waves, and at the end, every node that was up ran exactly the Capsule it should, ${compared}: ${ran} looks at a node. ${details}`,
  );
}

function wayBack({ back, waysBack, plansWayBack, outcome, details, compared }: UpgradeFacts) {
  const name = 'way-back';
  if (waysBack === 0) {
    const why = plansWayBack
      ? `The upgrade ended before its way back began: ${details}`
      : outcome === 'completed'
        ? 'This upgrade had no way back, and needed none.'
        : `This upgrade had no way back: ${details}`;
    return unobserved(name, why);
  }
  const last = back.at(-1);
  const problem =
    back.length < waysBack
      ? `A way back began and was not finished: ${details}`
      : back.flatMap(({ other, unhealthy }) => [
          ...other,
          ...unhealthy.map((nodeId) => `${nodeId} was not healthy when all were back.`),
        ])[0];
  return judged(
    name,
    problem,
    `When all were back, ${Math.floor(last?.atMs ?? 0)} ms after the run began, all ${last?.ran ?? 0} nodes were healthy and ran exactly the old Capsule, ${compared}.`,
  );
}

function noStateLost({ state, noServices, isBeside = false }: UpgradeFacts): Invariant {
  const name = 'no-state-lost';
  const { moves, entries, lost, unclear } = state;
  const changed = isBeside
    ? `${unclear}× something had changed while services ran on it, which may have done so`
    : `${unclear}× something had changed on the node of the workload, which may have done so`;
  const left = isBeside
    ? 'as they had been when the other began to come beside it'
    : 'as one Capsule had left them';
  if (moves === 0) {
    const why =
      unclear === 0
        ? `Nobody looked at state folders: ${noServices}`
        : `Nobody can tell: ${changed}`;
    return unobserved(name, `${why}.`);
  }
  const more = unclear === 0 ? '' : ` Beside these, ${changed}.`;
  return judged(
    name,
    lost[0],
    `In each of ${moves} moves the state folders were ${left} when the other was laid out, before it migrated or started anything: ${entries} files and folders in all, by kind, size and time of change.${more}`,
  );
}

/** The invariants of model/invariants UPGRADE_INVARIANTS, in that order. */
export function checkUpgrade(facts: UpgradeFacts): Invariant[] {
  return [
    everyVersionVerified(facts),
    upgradedRunsSignedContent(facts),
    wayBack(facts),
    servedThroughout(facts),
    checksHeld(facts),
    noStateLost(facts),
  ];
}

import { kindOf, type FaultKind } from '../../model/faultKinds.ts';
import type { Fault } from '../../model/plan.ts';
import type { ServiceAnswers } from '../../model/upgradeReport.ts';

/**
 * Whether services that promise no availability took connections while nodes were upgraded. Who verifies evidence judges again by
 * this, from the figures that are sealed.
 */

/** Fewer connections to a service, at all nodes together, may miss what happens. */
export const LEAST_CONNECTIONS = 20;

/** So few without an answer may be an accident of the network or of a busy machine, and so may less than half of all. */
const LEAST_UNANSWERED = 3;

/** After these a service refuses connections or says nothing, or packets do not get there: then nobody can tell what was the upgrade's. */
const DISTURBING: readonly FaultKind[] = [
  ...(['pause', 'killService', 'refuse', 'fillDisk'] as const),
  ...(['partition', 'degradeLink', 'slow'] as const),
];

/** The kind of the first fault of a schedule that may be why a connection is refused; undefined: none. A node that is down is not asked. */
export function disturbingFault(schedule: readonly Fault[]): FaultKind | undefined {
  return schedule.map(({ do: effect }) => kindOf(effect)).find((kind) => DISTURBING.includes(kind));
}

export interface ConnectionsFound {
  /** A node that refused connections, or left most of them without an answer. */
  readonly worst: ServiceAnswers | undefined;
  /** Services that connections judge. */
  readonly judged: readonly string[];
  /** Services with too few connections. */
  readonly few: readonly string[];
  /** Services that no other node ever reached: they listen for their own node alone. */
  readonly unreached: readonly string[];
  /** Connections to those that are judged. */
  readonly asked: number;
  readonly unanswered: number;
}

export function findConnections(answers: readonly ServiceAnswers[]): ConnectionsFound {
  const services = [...new Set(answers.map(({ service }) => service))];
  const of = (names: readonly string[]) => answers.filter((one) => names.includes(one.service));
  const taken = ({ asked, refused, unanswered }: ServiceAnswers) => asked - refused - unanswered;
  const reached = services.filter((name) => sum(of([name]), taken) > 0);
  const judged = reached.filter((name) => sum(of([name]), askedOf) >= LEAST_CONNECTIONS);
  const failing = of(reached).filter(isFailing);
  return {
    worst: failing.toSorted((one, other) => failedOf(other) - failedOf(one))[0],
    judged,
    few: reached.filter((name) => !judged.includes(name)),
    unreached: services.filter((name) => !reached.includes(name)),
    asked: sum(of(judged), askedOf),
    unanswered: sum(of(judged), ({ unanswered }) => unanswered),
  };
}

function isFailing({ asked, refused, unanswered }: ServiceAnswers): boolean {
  return refused > 0 || (unanswered >= LEAST_UNANSWERED && 2 * unanswered > asked);
}

function failedOf({ refused, unanswered }: ServiceAnswers): number {
  return refused + unanswered;
}

function askedOf({ asked }: ServiceAnswers): number {
  return asked;
}

function sum(answers: readonly ServiceAnswers[], of: (one: ServiceAnswers) => number): number {
  return answers.reduce((total, one) => total + of(one), 0);
}

import type { FaultKind } from '../../model/faultKinds.ts';
import type { Indicator } from '../../model/indicator.ts';
import type { Invariant } from '../../model/invariants.ts';
import { waysOf } from '../../model/measuredBy.ts';
import { PATIENCE_MS } from '../../model/serviceMeasures.ts';
import type { ServiceAnswers } from '../../model/upgradeReport.ts';
import { judged, unobserved } from '../invariants.ts';
import { findConnections } from './connections.ts';

/** What is known of how services answered while nodes ran different Capsules. */
export interface Served {
  /** Availability objectives that other nodes can ask for in both Capsules, by the names of their indicators. */
  readonly promised: readonly string[];
  /** Of these, what was measured often enough in the window "mixed". */
  readonly measured: readonly Indicator[];
  /** Services without such a promise that other nodes can connect to in both Capsules. */
  readonly sounded: readonly string[];
  /** What came of that, over the wire, at each node outside of its own waves. */
  readonly answers: readonly ServiceAnswers[];
  /** A fault of the plan that may be why connections are refused; undefined: there is none. */
  readonly disturbedBy: FaultKind | undefined;
}

interface Facts {
  /** Left out: nobody asked services in this world. */
  readonly served?: Served | undefined;
  readonly noServices: string;
  /** Services start beside those that serve: all are asked all the time. */
  readonly isBeside?: boolean | undefined;
}

/** What one look at services came to: sentences. */
interface Finding {
  readonly violated?: string | undefined;
  readonly held?: string;
  /** What it could not tell. */
  readonly open?: string | undefined;
}

const WHILE =
  'While nodes ran different Capsules, at those that no wave moved or that alone could answer,';
const WHILE_BESIDE = 'While the services of both Capsules ran side by side, at all nodes,';

/** A service is available while nodes are upgraded as it promises, or where it promises nothing, no node refuses connections outside of its waves. */
export function servedThroughout({ served, noServices, isBeside = false }: Facts): Invariant {
  const name = 'served-throughout';
  if (served === undefined) {
    return unobserved(name, `Nobody measured whether services answered throughout: ${noServices}.`);
  }
  const when = isBeside ? WHILE_BESIDE : WHILE;
  const findings = [byPromises(served, when), byConnections(served)];
  const violated = findings.flatMap((one) => one.violated ?? [])[0];
  const held = findings.flatMap((one) => one.held ?? []);
  const open = findings.flatMap((one) => one.open ?? []);
  if (violated === undefined && held.length === 0) {
    return unobserved(name, open.join(' ') || NOBODY_ASKED);
  }
  return judged(name, violated, [...held, ...open].join(' '));
}

const NOBODY_ASKED =
  'No service promises availability, or takes connections, at the same ports and with the same health check in both Capsules.';

function byPromises({ promised, measured }: Served, when: string): Finding {
  const few = promised.filter((one) => !measured.some((indicator) => indicator.name === one));
  const open =
    few.length === 0
      ? undefined
      : `Too few probes came to an end in the window "mixed" to judge "${few.join('", "')}".`;
  if (measured.length === 0) return { open };
  const missed = measured.find(({ passed }) => !passed);
  return {
    violated: missed && `${when} ${wordsOf(missed)}.`,
    held: `${when} ${measured.map(wordsOf).join('; ')}.`,
    open,
  };
}

function byConnections({ sounded, answers, disturbedBy }: Served): Finding {
  if (sounded.length === 0) return {};
  if (disturbedBy !== undefined) {
    const why = `the fault "${disturbedBy}" of the plan may have it, too`;
    return { open: `Whether ${named(sounded)} refused connections nobody judged: ${why}.` };
  }
  if (answers.length === 0) {
    const where = 'over the wire, outside of the waves of its own node';
    return { open: `No connection to ${named(sounded)} was asked for ${where}.` };
  }
  const { worst, judged: enough, few, unreached, asked, unanswered } = findConnections(answers);
  const open = [
    ...(few.length === 0 ? [] : [`Too few connections judge ${named(few)}.`]),
    ...(unreached.length === 0
      ? []
      : [`No node ever reached ${named(unreached)} on another one, which nobody judged.`]),
  ].join(' ');
  const held = `No node refused connections to ${named(enough)} outside of its own waves, of ${asked} that others wanted over the wire${lateWords(unanswered)}.`;
  return {
    violated: worst && refusalOf(worst),
    ...(enough.length === 0 ? {} : { held }),
    ...(open === '' ? {} : { open }),
  };
}

function lateWords(unanswered: number): string {
  return unanswered === 0 ? '' : `; ${unanswered} got no answer within ${PATIENCE_MS / 1000} s`;
}

function refusalOf({ service, nodeId, asked, refused, unanswered }: ServiceAnswers): string {
  const where = `${asked} connections to "${service}" that others wanted over the wire outside of its own waves`;
  return refused > 0
    ? `${nodeId} refused ${refused} of ${where}${lateWords(unanswered)}.`
    : `${nodeId} left ${unanswered} of ${where} without an answer for ${PATIENCE_MS / 1000} s.`;
}

function named(services: readonly string[]): string {
  return services.map((name) => `"${name}"`).join(', ');
}

function wordsOf(indicator: Indicator): string {
  const { name, value, comparator, threshold, sampleSize } = indicator;
  return `"${name}" was ${value} % of ${sampleSize} ${waysOf(indicator)}, and is to be ${comparator} ${threshold} %`;
}

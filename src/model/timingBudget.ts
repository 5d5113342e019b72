import type { StatedNetwork } from './evidence.ts';
import type { HostedNodeReport } from './hostReport.ts';
import type { Quantiles } from './quantiles.ts';
import type { ServiceTraffic } from './serviceTraffic.ts';

/**
 * A run whose delays' error has its p99 above both of these does not show what its plan says, and is `degraded`. On a LAN
 * a few ms are the machine's own; between regions a tenth of the delay changes no order of events that matters.
 */
const TIMING_BUDGET_MS = 5;
const TIMING_BUDGET_SHARE = 0.1;

/** Of a run: what its emulator measured, and what hosts of nodes elsewhere did. */
export interface RunTiming {
  readonly network: Pick<StatedNetwork, 'timingErrorMs'> & {
    readonly links: readonly Pick<StatedNetwork['links'][number], 'configuredMs'>[];
    readonly services?: Pick<ServiceTraffic, 'timingErrorMs' | 'uncontrolled'> | undefined;
  };
  readonly hosts?: readonly Pick<HostedNodeReport, 'nodeId' | 'arrivals'>[] | undefined;
}

/** ms that the p99 of an error may be. */
function budgetMs({ links }: RunTiming['network']): number {
  const delays = links.flatMap(({ configuredMs }) => configuredMs?.p50 ?? []).sort((a, b) => a - b);
  const usual = delays[delays.length >> 1] ?? 0;
  return Math.max(TIMING_BUDGET_MS, usual * TIMING_BUDGET_SHARE);
}

/**
 * Whether a network kept its delays too badly to show what its plan says, or lost packets of services that its plan does not
 * lose. The verifier recomputes it with this same rule.
 */
export function isDegraded(timing: RunTiming): boolean {
  return degradedReasons(timing).length > 0;
}

/** Which measures are over their budget, and how far, a clause each; none: it is not degraded. */
export function degradedReasons({ network, hosts = [] }: RunTiming): string[] {
  const { timingErrorMs, services } = network;
  const budget = budgetMs(network);
  const late = (whose: string, error: Quantiles | undefined) =>
    error === null || error === undefined || error.p99 <= budget
      ? []
      : [
          `the p99 of the timing error of ${whose} was ${error.p99.toFixed(1)} ms, ${(error.p99 / budget).toFixed(1)} times its budget of ${budget.toFixed(1)} ms`,
        ];
  const uncontrolled = services?.uncontrolled ?? 0;
  return [
    ...late('datagrams between nodes', timingErrorMs),
    ...late('packets of services', services?.timingErrorMs),
    ...hosts.flatMap(({ nodeId, arrivals }) => late(`what came to ${nodeId}`, arrivals?.errorMs)),
    ...(uncontrolled > 0 ? [`the machine itself dropped ${uncontrolled} packets of services`] : []),
  ];
}

import type { StatedNetwork } from './evidence.ts';
import type { Quantiles } from './quantiles.ts';
import type { ServiceTraffic } from './serviceTraffic.ts';

/**
 * A run whose delays' error has its p99 above both of these does not show what its plan says, and is `degraded`. On a LAN
 * a few ms are the machine's own; between regions a tenth of the delay changes no order of events that matters.
 */
const TIMING_BUDGET_MS = 5;
const TIMING_BUDGET_SHARE = 0.1;

type Timing = Pick<StatedNetwork, 'timingErrorMs'> & {
  readonly links: readonly Pick<StatedNetwork['links'][number], 'configuredMs'>[];
  readonly services?: Pick<ServiceTraffic, 'timingErrorMs' | 'uncontrolled'> | undefined;
};

/** ms that the p99 of an error may be. */
function budgetMs({ links }: Pick<Timing, 'links'>): number {
  const delays = links.flatMap(({ configuredMs }) => configuredMs?.p50 ?? []).sort((a, b) => a - b);
  const usual = delays[delays.length >> 1] ?? 0;
  return Math.max(TIMING_BUDGET_MS, usual * TIMING_BUDGET_SHARE);
}

/**
 * Whether a network kept its delays too badly to show what its plan says, or lost packets of services that its plan does not
 * lose. The verifier recomputes it with this same rule.
 */
export function isDegraded(network: Timing): boolean {
  return degradedReasons(network).length > 0;
}

/** Which measures are over their budget, and how far, a clause each; none: it is not degraded. */
export function degradedReasons(network: Timing): string[] {
  const { timingErrorMs, services } = network;
  const budget = budgetMs(network);
  const late = (whose: string, error: Quantiles | null | undefined) =>
    error === null || error === undefined || error.p99 <= budget
      ? []
      : [
          `the p99 of the timing error of ${whose} was ${error.p99.toFixed(1)} ms, ${(error.p99 / budget).toFixed(1)} times its budget of ${budget.toFixed(1)} ms`,
        ];
  const uncontrolled = services?.uncontrolled ?? 0;
  return [
    ...late('datagrams between nodes', timingErrorMs),
    ...late('packets of services', services?.timingErrorMs),
    ...(uncontrolled > 0 ? [`the machine itself dropped ${uncontrolled} packets of services`] : []),
  ];
}

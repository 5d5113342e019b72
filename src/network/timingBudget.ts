import type { StatedNetwork } from '../model/evidence.ts';
import type { Quantiles } from '../model/quantiles.ts';
import type { ServiceTraffic } from '../model/serviceTraffic.ts';

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

/**
 * Whether a network kept its delays too badly to show what its plan says, or lost packets of services that its plan does not
 * lose. The verifier recomputes it with this same rule.
 */
export function isDegraded({ timingErrorMs, links, services }: Timing): boolean {
  const delays = links.flatMap(({ configuredMs }) => configuredMs?.p50 ?? []).sort((a, b) => a - b);
  const usual = delays[delays.length >> 1] ?? 0;
  const budget = Math.max(TIMING_BUDGET_MS, usual * TIMING_BUDGET_SHARE);
  const isLate = (error: Quantiles | undefined) => (error?.p99 ?? 0) > budget;
  return (
    isLate(timingErrorMs) || isLate(services?.timingErrorMs) || (services?.uncontrolled ?? 0) > 0
  );
}

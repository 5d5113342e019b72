import { samplesOf } from '../../evidence/compared/recordedRun.ts';
import { eventsIn } from '../../evidence/eventLines.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import type { Indicator } from '../../model/indicator.ts';
import { ServiceMeasures, serviceOf } from '../../model/serviceMeasures.ts';
import { readSignedEvents } from './signedEvents.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What has to be known of a run to find its measurements; it need not be sealed yet. */
export interface MeasuredRun {
  readonly result: Pick<EvidenceExtension['result'], 'simId' | 'capsuleHash'>;
  readonly plan: Pick<EvidenceExtension['plan'], 'placement' | 'upgrade'>;
  readonly events: Pick<EvidenceExtension['events'], 'digest'>;
  readonly indicators: EvidenceExtension['indicators'];
}

/** Most of a run's lines by far, and nothing about services in them. */
const WITHOUT_MEASURES = ['packets', 'chunk', 'log', 'hop'] as const;

/**
 * The single measurements behind a run's indicators, from its events; undefined when the very events that were signed are not
 * in this workspace.
 */
export async function signedMeasures(
  workspace: Workspace,
  { result, plan, events, indicators }: MeasuredRun,
): Promise<((indicator: Indicator) => readonly number[]) | undefined> {
  const bytes = await readSignedEvents(workspace, { result, events });
  if (bytes === undefined) return undefined;
  const measures = new ServiceMeasures([...new Set(indicators.map(serviceOf))], plan);
  for (const event of eventsIn(bytes.toString(), WITHOUT_MEASURES)) measures.apply(event);
  return (indicator) => samplesOf(measures, indicator);
}

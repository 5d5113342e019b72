import { readRegular } from '../../base/regularFile.ts';
import type { MeshEvent } from '../../model/events.ts';
import { eventSchema } from '../../model/events.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import type { Indicator } from '../../model/indicator.ts';
import { objectiveSchema } from '../../model/objective.ts';
import { ServiceMeasures, serviceOf } from '../../model/serviceMeasures.ts';
import { sha256Hex } from '../../signing/digest.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';

/** What has to be known of a run to find its measurements; it need not be sealed yet. */
export interface MeasuredRun {
  readonly result: Pick<EvidenceExtension['result'], 'simId' | 'capsuleHash'>;
  readonly plan: Pick<EvidenceExtension['plan'], 'placement' | 'upgrade'>;
  readonly events: Pick<EvidenceExtension['events'], 'digest'>;
  readonly indicators: EvidenceExtension['indicators'];
}

/** Most of a run's lines by far, and nothing about services in them. */
const WITHOUT_MEASURES = ['"type":"packets"', '"type":"chunk"', '"type":"log"', '"type":"hop"'];

/**
 * The single measurements behind a run's indicators, from its events; undefined when the very events that were signed are not
 * in this workspace. The bytes that are read are those whose digest was checked.
 */
export async function signedMeasures(
  workspace: Workspace,
  { result, plan, events, indicators }: MeasuredRun,
): Promise<((indicator: Indicator) => readonly number[]) | undefined> {
  const bytes = await readRegular(runPaths(workspace.paths, result.simId).events).catch(
    () => undefined,
  );
  if (bytes === undefined || sha256Hex(bytes) !== events.digest.sha256) return undefined;
  const measures = new ServiceMeasures([...new Set(indicators.map(serviceOf))], plan);
  for (const event of eventsIn(bytes.toString())) measures.apply(event);
  return (indicator) => {
    const metric = objectiveSchema.shape.metric.safeParse(indicator.metric);
    return metric.success
      ? measures.samples(serviceOf(indicator), metric.data, indicator.measuredBy)
      : [];
  };
}

function* eventsIn(text: string): Generator<MeshEvent> {
  for (const line of text.split('\n')) {
    if (line === '' || WITHOUT_MEASURES.some((mark) => line.includes(mark))) continue;
    const parsed = eventSchema.safeParse(JSON.parse(line));
    if (parsed.success) yield parsed.data;
  }
}

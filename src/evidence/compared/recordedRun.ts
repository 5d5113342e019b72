import type { MeshEvent } from '../../model/events.ts';
import type { EvidenceExtension } from '../../model/evidence.ts';
import type { Indicator } from '../../model/indicator.ts';
import { objectiveSchema } from '../../model/objective.ts';
import { OUTCOMES, PROTOCOL_FLOWS } from '../../model/packetClasses.ts';
import { ServiceMeasures, serviceOf } from '../../model/serviceMeasures.ts';
import { eventsIn } from '../eventLines.ts';
import { SequencesOfEvents } from './sequences.ts';

/** What the signed events of a run hold that is compared. */
export interface RecordedRun {
  readonly sequences: SequencesOfEvents;
  /** The single measurements behind an indicator. */
  readonly samples: (indicator: Indicator) => readonly number[];
  /** False: packets of such a run are not told one by one. */
  readonly hasPackets: boolean;
  /** One-way times of the protocol's packets that arrived over a link, ms. */
  readonly packets: (from: number, to: number) => readonly number[];
}

/** Many, and nothing in them that is compared. */
const LEFT_OUT = ['chunk', 'log', 'traffic', 'connections', 'latency', 'turn'] as const;
const DELIVERED = OUTCOMES.indexOf('delivered');

type Measured = Pick<EvidenceExtension, 'plan' | 'indicators'>;

/** @param text of an events.jsonl whose digest is the signed one */
export function recordedRunOf(text: string, { plan, indicators }: Measured): RecordedRun {
  const measures = new ServiceMeasures([...new Set(indicators.map(serviceOf))], plan);
  const sequences = new SequencesOfEvents();
  const packets = new PacketTimes(plan.params.nodes);
  for (const event of eventsIn(text, LEFT_OUT)) {
    if (event.type === 'packets') packets.add(event);
    else {
      measures.apply(event);
      sequences.add(event);
    }
  }
  return {
    sequences,
    samples: (indicator) => samplesOf(measures, indicator),
    hasPackets: packets.hasAny,
    packets: (from, to) => packets.of(from, to),
  };
}

/** Empty for a metric that this release does not know. */
export function samplesOf(measures: ServiceMeasures, indicator: Indicator): readonly number[] {
  const metric = objectiveSchema.shape.metric.safeParse(indicator.metric);
  return metric.success
    ? measures.samples(serviceOf(indicator), metric.data, indicator.measuredBy)
    : [];
}

class PacketTimes {
  readonly #nodes: number;
  readonly #byLink = new Map<number, number[]>();

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  add({ packets }: Extract<MeshEvent, { type: 'packets' }>): void {
    packets.link.forEach((link, at) => {
      const isProtocol = (packets.flow[at] ?? 0) < PROTOCOL_FLOWS.length;
      if (!isProtocol || packets.outcome[at] !== DELIVERED) return;
      const times = this.#byLink.get(link) ?? [];
      this.#byLink.set(link, times);
      times.push((packets.arrived[at] ?? 0) - (packets.sent[at] ?? 0));
    });
  }

  get hasAny(): boolean {
    return this.#byLink.size > 0;
  }

  of(from: number, to: number): readonly number[] {
    return this.#byLink.get(from * this.#nodes + to) ?? [];
  }
}

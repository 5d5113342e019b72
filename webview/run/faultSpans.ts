import { scheduleOf } from '../../src/model/chaosPresets.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import { kindOf, type EffectOf, type FaultKind } from '../../src/model/faultKinds.ts';
import { nodesOf } from '../../src/model/faultNodes.ts';
import type { FaultEffect } from '../../src/model/faultSchemas.ts';
import { nodeIndexOf } from '../../src/model/nodeIds.ts';
import type { Fault, Plan } from '../../src/model/plan.ts';

/** What a fault does to services of one node, for as long as it does; `end` is Infinity while it lasts. Times in ms. */
export interface FaultSpan {
  readonly fault: number;
  readonly node: number;
  readonly label: string;
  /** The same in a word or two. */
  readonly brief: string;
  readonly start: number;
  end: number;
}

type Words = Pick<FaultSpan, 'label' | 'brief'>;
type Labels = { readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>) => Words };

/** Of faults that act on services: lanes show the others by what they do to phases and packets. */
const LABELS: Labels = {
  pause: ({ services = [] }) => {
    return { label: [...services, 'paused'].join(' '), brief: 'paused' };
  },
  killService: ({ killService: { service = 'services' } }) => {
    return { label: `${service} killed`, brief: 'killed' };
  },
  refuse: () => ({ label: 'packets refused', brief: 'refused' }),
  dns: ({ dns }) =>
    dns.mode === 'fail'
      ? { label: 'no names', brief: 'no names' }
      : { label: `names ${dns.delayMs} ms late`, brief: 'late names' },
  fillDisk: () => ({ label: 'disk full', brief: 'disk full' }),
};

function wordsOf(effect: FaultEffect): Words | undefined {
  return (LABELS[kindOf(effect)] as ((of: FaultEffect) => Words) | undefined)?.(effect);
}

type FaultEvent = Extract<MeshEvent, { type: 'fault' }>;

/** When and where faults acted on services, kept up to date event by event. */
export class FaultSpans {
  spans: FaultSpan[] = [];
  readonly #schedule: readonly Fault[];
  readonly #nodes: number;

  constructor({ chaos, params: { nodes } }: Plan) {
    this.#schedule = scheduleOf(chaos, nodes);
    this.#nodes = nodes;
  }

  push(event: MeshEvent): void {
    if (event.type === 'fault') this.#pushFault(event);
    // Whatever still lasts ends with the services.
    else if (event.type === 'run' && event.status === 'stopping') {
      for (const span of this.spans) span.end = Math.min(span.end, event.at);
    }
  }

  /** What acts on services of the node at `t` ms, in order of its beginning. */
  actingAt(node: number, t: number): FaultSpan[] {
    return this.spans.filter((span) => span.node === node && span.start <= t && t < span.end);
  }

  #pushFault({ fault, status, at, nodeId }: FaultEvent): void {
    const effect = this.#schedule[fault]?.do;
    const words = effect && wordsOf(effect);
    if (effect === undefined || words === undefined) return;
    if (status === 'fired') {
      const nodes = [...new Set(nodesOf(effect).map(nodeIndexOf))];
      const here = nodes.filter((node) => node < this.#nodes);
      this.spans.push(...here.map((node) => ({ fault, node, ...words, start: at, end: Infinity })));
      return;
    }
    const isAbout = (span: FaultSpan) =>
      span.fault === fault && (nodeId === undefined || span.node === nodeIndexOf(nodeId));
    if (status === 'not-applied') this.spans = this.spans.filter((span) => !isAbout(span));
    else if (status === 'healed') {
      for (const span of this.spans) if (isAbout(span)) span.end = Math.min(span.end, at);
    }
  }
}

/** A stretch of one lane with all that acts there, in the longest words first: "orders paused, disk full", "paused …". */
export interface FaultStretch {
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
}

/** The stretches of a node's lane in which the same faults act, in order of time. */
export function stretchesOf(spans: readonly FaultSpan[], node: number): FaultStretch[] {
  const own = spans.filter((span) => span.node === node && span.end > span.start);
  const times = [...new Set(own.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  return times.flatMap((start, index): FaultStretch[] => {
    const end = times[index + 1];
    const acting = own.filter((span) => span.start <= start && start < span.end);
    if (end === undefined || acting.length === 0) return [];
    return [{ start, end, words: wordsFor(acting) }];
  });
}

/** What acts on a node at one time, in the longest words first; none where nothing acts. */
export function wordsFor(acting: readonly Words[]): string[] {
  const [first] = acting;
  if (first === undefined) return [];
  const labels = [...new Set(acting.map(({ label }) => label))];
  const more = labels.length > 1 ? ' …' : '';
  return [...new Set([labels.join(', '), `${first.label}${more}`, `${first.brief}${more}`])];
}

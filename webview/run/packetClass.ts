import { OUTCOMES, PROTOCOL_FLOWS } from '../../src/model/packetClasses.ts';
import { DELIVERED, isLate } from './linkStatistics.ts';

/**
 * What a packet was and what became of it, as one word: a delivered one is of its flow, or late; the others died on the way
 * (`lost`), reached the lane damaged (`corrupt`), were kept back by a partition (`cut`), or reached a node that was down (`dead`).
 */
export const PACKET_CLASSES = [
  'chunk',
  'control',
  'ack',
  'probe',
  'late',
  'lost',
  'corrupt',
  'cut',
  'dead',
] as const;

export type PacketClass = (typeof PACKET_CLASSES)[number];

/** The items of the legend; each stands for one or more classes, `service` for what comes in sums. */
export type LegendItem = 'chunk' | 'control' | 'ack' | 'probe' | 'service' | 'late' | 'dropped';

const CLASS_OF_FLOW = PROTOCOL_FLOWS.map((flow) => classIndex(flow));
const CLASS_OF_OUTCOME = OUTCOMES.map((outcome) => {
  if (outcome === 'blackholed') return classIndex('cut');
  if (outcome === 'peer-down') return classIndex('dead');
  return classIndex(outcome === 'corrupt' ? 'corrupt' : 'lost');
});

export function classIndex(name: PacketClass): number {
  return PACKET_CLASSES.indexOf(name);
}

/** Index in PACKET_CLASSES. Flow and outcome index PROTOCOL_FLOWS and OUTCOMES; latencies in ms. */
export function classOf(
  flow: number,
  outcome: number,
  latencyMs: number,
  maxLatencyMs: number,
): number {
  if (outcome !== DELIVERED) return CLASS_OF_OUTCOME[outcome] ?? 0;
  if (isLate(latencyMs, maxLatencyMs)) return classIndex('late');
  return CLASS_OF_FLOW[flow] ?? 0;
}

export function itemOf(name: PacketClass): LegendItem {
  return name === 'lost' || name === 'corrupt' || name === 'cut' || name === 'dead'
    ? 'dropped'
    : name;
}

/** Whether packets of each class are hidden with these items, by index in PACKET_CLASSES. */
export function hiddenClasses(items: ReadonlySet<LegendItem>): readonly boolean[] {
  return PACKET_CLASSES.map((name) => items.has(itemOf(name)));
}

/** A packet that never reached the lane it was sent to. */
export function diesOnTheWay(name: PacketClass): boolean {
  return name === 'lost' || name === 'cut';
}

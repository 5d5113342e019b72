import type { Traffic } from '../../../../model/events.ts';
import { DELIVERED } from '../../../../network/fate.ts';
import type { SeenPacket } from '../packetSwitch.ts';
import { UNNAMED, usedNames, type TargetNames } from './targetNames.ts';

/**
 * So many flows of one interval are told one by one, the busiest; the rest is summed up by link. With 90 links, of ten nodes,
 * and an interval of 100 ms a minute of events stays below 2 MB.
 */
const MOST_FLOWS = 24;
/** Targets are numbered from −1. */
const TARGETS = 512;

interface Sum {
  readonly link: number;
  readonly target: number;
  readonly toward: number;
  packets: number;
  bytes: number;
  dropped: number;
  delayMs: number;
}

/** Adds up packets by flow: link, target and direction. */
export class FlowSums {
  readonly #names: TargetNames;
  #sums = new Map<number, Sum>();
  #from = 0;

  constructor(names: TargetNames) {
    this.#names = names;
  }

  /** @param toward 1: the packet goes to the target, 0: it comes from there */
  add(link: number, target: number, toward: number, seen: SeenPacket): void {
    const sum = sumOf(this.#sums, link, target, toward);
    sum.packets += 1;
    sum.bytes += seen.packet.length;
    if (seen.outcome === DELIVERED) sum.delayMs += seen.arrived - seen.sent;
    else sum.dropped += 1;
  }

  /** What was added since the last call; null when nothing was. @param now ms since the run began */
  take(now: number): Traffic | null {
    const from = this.#from;
    this.#from = now;
    if (this.#sums.size === 0) return null;
    const sums = bounded([...this.#sums.values()]);
    this.#sums = new Map();
    const { targets, target } = usedNames(
      this.#names,
      sums.map((sum) => sum.target),
    );
    return {
      from: Math.round(from),
      until: Math.round(now),
      targets,
      link: sums.map(({ link }) => link),
      target,
      toward: sums.map(({ toward }) => toward),
      packets: sums.map(({ packets }) => packets),
      bytes: sums.map(({ bytes }) => bytes),
      dropped: sums.map(({ dropped }) => dropped),
      delayMs: sums.map(({ delayMs, packets, dropped }) => meanOf(delayMs, packets - dropped)),
    };
  }
}

function sumOf(sums: Map<number, Sum>, link: number, target: number, toward: number): Sum {
  const key = (link * TARGETS + target + 1) * 2 + toward;
  const known = sums.get(key);
  if (known !== undefined) return known;
  const sum = { link, target, toward, packets: 0, bytes: 0, dropped: 0, delayMs: 0 };
  sums.set(key, sum);
  return sum;
}

function bounded(sums: Sum[]): Sum[] {
  if (sums.length <= MOST_FLOWS) return sums;
  const byPackets = sums.sort((left, right) => right.packets - left.packets);
  const rest = new Map<number, Sum>();
  for (const { link, packets, bytes, dropped, delayMs } of byPackets.slice(MOST_FLOWS)) {
    const sum = sumOf(rest, link, UNNAMED, 1);
    sum.packets += packets;
    sum.bytes += bytes;
    sum.dropped += dropped;
    sum.delayMs += delayMs;
  }
  return [...byPackets.slice(0, MOST_FLOWS), ...rest.values()];
}

/** In tenths of a millisecond. */
function meanOf(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round((10 * sum) / count) / 10;
}

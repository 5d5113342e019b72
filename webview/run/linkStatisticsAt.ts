import { quantileOf } from './latencyBins.ts';
import type { LinkStatistics, MeshStatistics } from './linkStatistics.ts';
import { LinkTally } from './linkTally.ts';
import type { PacketStore } from './packetStore.ts';

/** One copy of the counts at each so many packets: looking back counts at most this many anew, and a block. */
const CHECKPOINT_PACKETS = 32_768;

interface Checkpoint {
  /** Packets counted: all with a smaller number. */
  readonly number: number;
  /** ms: good for any later instant. */
  readonly lastArrived: number;
  readonly tally: LinkTally;
}

/**
 * Statistics of every link at any instant. Packets are counted once, as they come; at the newest instant that is all
 * the work, and at a past one the nearest earlier copy of the counts is taken and continued.
 */
export class LinkStatisticsAt {
  readonly #packets: PacketStore;
  readonly #newest: LinkTally;
  readonly #checkpoints: Checkpoint[];
  /** Packets counted in `#newest`: all with a smaller number. */
  #counted = 0;
  #lastArrived = 0;
  #shown: { readonly key: string; readonly statistics: MeshStatistics } | undefined;

  /** @param maxMs the configured maximum: what took longer is late */
  constructor(packets: PacketStore, nodes: number, maxMs: number) {
    this.#packets = packets;
    this.#newest = new LinkTally(nodes * nodes, maxMs);
    this.#checkpoints = [{ number: 0, lastArrived: 0, tally: this.#newest.empty() }];
  }

  /** Of the packets that arrived or died until `t` ms. */
  at(t: number): MeshStatistics {
    this.#countNew();
    const isNewest = t >= this.#lastArrived;
    const key = `${this.#counted} ${isNewest ? 'newest' : t}`;
    if (this.#shown?.key !== key) {
      const tally = isNewest ? this.#newest : this.#tallyAt(t);
      this.#shown = { key, statistics: statisticsOf(tally) };
    }
    return this.#shown.statistics;
  }

  #countNew(): void {
    const packets = this.#packets;
    for (let number = Math.max(this.#counted, packets.first); number < packets.total; number += 1) {
      const at = packets.at(number);
      this.#newest.add(packets, at);
      this.#lastArrived = Math.max(this.#lastArrived, packets.arrived[at] ?? 0);
      if ((number + 1) % CHECKPOINT_PACKETS === 0) this.#remember(number + 1);
    }
    this.#counted = packets.total;
  }

  /** Of those before the oldest packet that is held only the last can be continued. */
  #remember(number: number): void {
    const { first } = this.#packets;
    while ((this.#checkpoints[1]?.number ?? Infinity) <= first) this.#checkpoints.shift();
    this.#checkpoints.push({ number, lastArrived: this.#lastArrived, tally: this.#newest.copy() });
  }

  #tallyAt(t: number): LinkTally {
    const start = this.#checkpoints.findLast(({ lastArrived }) => lastArrived <= t);
    const tally = start?.tally.copy() ?? this.#newest.empty();
    if (start === undefined) return tally;
    const packets = this.#packets;
    const count = (number: number): void => {
      const at = packets.at(number);
      if ((packets.arrived[at] ?? 0) <= t) tally.add(packets, at);
    };
    packets.visit(-Infinity, t, count, start.number);
    return tally;
  }
}

function statisticsOf(tally: LinkTally): MeshStatistics {
  const links = Array.from({ length: tally.links }, (_, link) => statisticsOfLink(tally, link));
  const bins = tally.binsOf(tally.links).slice();
  return { links, all: statisticsOfLink(tally, tally.links), bins };
}

function statisticsOfLink(tally: LinkTally, link: number): LinkStatistics {
  const bins = tally.binsOf(link);
  const sent = tally.sent[link] ?? 0;
  const lost = tally.lost[link] ?? 0;
  return {
    p50: quantileOf(bins, sent - lost, 0.5),
    p95: quantileOf(bins, sent - lost, 0.95),
    loss: sent === 0 ? 0 : (100 * lost) / sent,
    sent,
    late: tally.late[link] ?? 0,
  };
}

const KNOWN = new WeakMap<PacketStore, LinkStatisticsAt>();

/** One set of counts for each run's packets, however many views show them. */
export function linkStatisticsOf(run: {
  readonly packets: PacketStore;
  readonly nodes: number;
  readonly plan: { readonly params: { readonly latencyMs: readonly [number, number] } };
}): LinkStatisticsAt {
  const known = KNOWN.get(run.packets);
  if (known !== undefined) return known;
  const made = new LinkStatisticsAt(run.packets, run.nodes, run.plan.params.latencyMs[1]);
  KNOWN.set(run.packets, made);
  return made;
}

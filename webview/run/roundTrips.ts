import type { Connections } from '../../src/model/events.ts';
import { BINS, binOf, quantileOf } from './latencyBins.ts';
import type { LinkStatistics, MeshStatistics } from './linkStatistics.ts';

/** Round trips of the handshakes between services, by client and server. Each stands for those that one event sums up. */
export class RoundTrips {
  readonly #links: number;
  readonly #at: number[] = [];
  readonly #link: number[] = [];
  readonly #ms: number[] = [];
  #shown: { readonly known: number; readonly statistics: MeshStatistics } | undefined;

  constructor(nodes: number) {
    this.#links = nodes * nodes;
  }

  get count(): number {
    return this.#ms.length;
  }

  /** @param at ms since the run began: when they were told of */
  push({ link, rttMs }: Connections, at: number): void {
    rttMs.forEach((ms, index) => {
      if (ms < 0) return;
      this.#at.push(at);
      this.#link.push(link[index] ?? 0);
      this.#ms.push(ms);
    });
  }

  /** Of those told of until `t` ms; `sent` counts them, and nothing of them is lost or late. */
  at(t: number): MeshStatistics {
    const later = this.#at.findIndex((at) => at > t);
    const known = later < 0 ? this.count : later;
    if (this.#shown?.known !== known) this.#shown = { known, statistics: this.#of(known) };
    return this.#shown.statistics;
  }

  #of(known: number): MeshStatistics {
    const bins = Array.from({ length: this.#links + 1 }, () => new Uint32Array(BINS));
    for (let index = 0; index < known; index += 1) {
      const bin = binOf(this.#ms[index] ?? 0);
      for (const row of [bins[this.#link[index] ?? 0], bins[this.#links]]) {
        if (row !== undefined) row[bin] = (row[bin] ?? 0) + 1;
      }
    }
    const all = bins.pop() ?? new Uint32Array(BINS);
    return { links: bins.map(statisticsOf), all: statisticsOf(all), bins: all };
  }
}

function statisticsOf(bins: Uint32Array): LinkStatistics {
  const sent = bins.reduce((sum, count) => sum + count, 0);
  const [p50, p95] = [quantileOf(bins, sent, 0.5), quantileOf(bins, sent, 0.95)];
  return { p50, p95, loss: 0, sent, late: 0 };
}

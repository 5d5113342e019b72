import { nodeIdOf } from '../../../model/nodeIds.ts';
import type { Arrivals } from '../../../model/hostReport.ts';
import { QuantileSketch } from '../../../network/quantileSketch.ts';
import { sinceDue } from '../../../wire/dueTime.ts';

interface Link {
  count: number;
  readonly late: QuantileSketch;
}

/** How late what comes to this host's node is here, by this host's clock. */
export class ArrivalTimes {
  readonly #late = new QuantileSketch();
  readonly #links = new Map<number, Link>();
  #earlyMs = 0;
  #origin: number | undefined;

  /** The run began at `origin`, ms of this host's monotonic clock, as far as is known now. Before it is told, nothing is counted. */
  set origin(origin: number) {
    this.#origin = origin;
  }

  /** @param from index of the node that sent it @param at ms of this host's monotonic clock @param ticks see dueTicks */
  arrived(from: number, at: number, ticks: number, bits: 16 | 32): void {
    if (this.#origin === undefined) return;
    const late = sinceDue(at - this.#origin, ticks, bits);
    this.#late.add(late);
    this.#earlyMs = Math.max(this.#earlyMs, -late);
    let link = this.#links.get(from);
    if (link === undefined)
      this.#links.set(from, (link = { count: 0, late: new QuantileSketch() }));
    link.count += 1;
    link.late.add(late);
  }

  /** Null: nothing has come. */
  report(): Arrivals {
    const errorMs = this.#late.quantiles();
    if (errorMs === null) return null;
    const links = [...this.#links]
      .sort(([one], [other]) => one - other)
      .flatMap(([from, { count, late }]) => {
        const quantiles = late.quantiles();
        return quantiles === null ? [] : [{ from: nodeIdOf(from), count, errorMs: quantiles }];
      });
    return { errorMs, earlyMs: Math.round(this.#earlyMs * 1_000) / 1_000, links };
  }
}

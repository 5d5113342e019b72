import type { MeshEventBody } from '../../model/events.ts';

/** One question a node asked another about a service. Times in ms since the run began. */
export interface ServiceProbe {
  readonly to: number;
  readonly service: string;
  readonly askedAt: number;
  readonly elapsedMs: number;
  readonly passed: boolean;
}

/** Probes of this long make one event: enough detail for a log, and not a line for each of 50 a second. */
const INTERVAL_MS = 500;

/** Adds up what nodes saw of services, service by service. */
export class ProbeTally {
  readonly #counted = new Map<string, number>();
  #waiting: ServiceProbe[] = [];
  #flushedAt = 0;

  /** Probes that were counted so far, of the service with the fewest. */
  fewest(services: readonly string[]): number {
    return Math.min(...services.map((service) => this.#counted.get(service) ?? 0));
  }

  add(probe: ServiceProbe): void {
    this.#waiting.push(probe);
  }

  isDue(now: number): boolean {
    return this.#waiting.length > 0 && now - this.#flushedAt >= INTERVAL_MS;
  }

  /**
   * The events for what was added since. A node was to serve from its first READY on; what it was asked before that says
   * nothing about its services and is left out.
   */
  flush(now: number, firstReadyAt: (node: number) => number): MeshEventBody[] {
    const counted = this.#waiting.filter(({ to, askedAt }) => askedAt >= firstReadyAt(to));
    this.#waiting = [];
    this.#flushedAt = now;
    const services = new Set(counted.map(({ service }) => service));
    return [...services].map((service) => {
      const probes = counted.filter((probe) => probe.service === service);
      this.#counted.set(service, (this.#counted.get(service) ?? 0) + probes.length);
      return eventOf(service, probes);
    });
  }
}

function eventOf(service: string, probes: readonly ServiceProbe[]): MeshEventBody {
  const failed = probes.filter(({ passed }) => !passed);
  const latencyMs = probes.flatMap(({ passed, elapsedMs }) => (passed ? [elapsedMs] : []));
  const common = { type: 'probes', service, latencyMs, failed: failed.length } as const;
  if (failed.length === 0) return { ...common, status: 'passed' };
  const where = [...new Set(failed.map(({ to }) => `n${to}`))].sort().join(', ');
  const details = `${failed.length} of ${probes.length} probes of "${service}" failed (${where})`;
  return { ...common, status: 'failed', details };
}

import type { MeshEventBody } from '../../model/events.ts';
import { waysOf, type ProbedOver } from '../../model/measuredBy.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { PATIENCE_MS } from '../../model/serviceMeasures.ts';
import type { UpgradeWindow } from '../../model/upgradeReport.ts';
import type { AgentReport } from '../../wire/report.ts';
import type { WatchedService } from '../askedServices.ts';
import type { UpgradeTimes } from './upgradeTimes.ts';

/** One question a node asked another about a service, or one call of a service to another. Times in ms since the run began. */
export interface ServiceProbe extends WatchedService {
  /** The node; several where a call did not get as far as one of those that run the service. */
  readonly to: readonly number[];
  /** Of a question. */
  readonly over?: ProbedOver;
  readonly askedAt: number;
  readonly elapsedMs: number;
  readonly passed: boolean;
  /** Of a question over the wire: nobody took the connection. */
  readonly refused?: boolean;
}

/** Probes of this long make one event: enough detail for a log, and not a line for each of 50 a second. */
const INTERVAL_MS = 500;

/** Adds up what nodes saw of services, service by service, and what was asked apart from what was called. */
export class ProbeTally {
  readonly #counted = new Map<string, number>();
  #waiting: ServiceProbe[] = [];
  #flushedAt = 0;
  /** The last that had begun. */
  #window: UpgradeWindow | undefined;
  readonly #dropped = new Map<string, number>();
  #isOver = false;
  readonly #sounded: readonly string[];

  /** @param sounded services of which it is told, node by node, whether they took connections */
  constructor(sounded: readonly string[] = []) {
    this.#sounded = sounded;
  }

  /** Probes or calls that were counted so far, of an upgrade in its last window; of the service that has the fewest of those it is to have. */
  fewest(watched: readonly WatchedService[]): number {
    return Math.min(...watched.map((one) => this.#counted.get(keyOf(one)) ?? 0));
  }

  add(probe: ServiceProbe): void {
    if (!this.#isOver) this.#waiting.push(probe);
  }

  /** Takes in what came of a question. @param services in the order of the manifest, which the protocol numbers them by */
  addAnswer(
    { a: to, b, c, at }: Extract<AgentReport, { type: 'effect' }>,
    services: readonly { readonly name: string }[],
  ): void {
    const service = services[b >>> 3]?.name;
    if (service === undefined) return;
    const elapsedMs = c / 1_000;
    const passed = (b & 1) === 1;
    const over: ProbedOver = (b & 2) === 0 ? 'protocol' : 'wire';
    const refused = (b & 4) !== 0;
    const asked = { over, to: [to], service, askedAt: at - elapsedMs, elapsedMs };
    this.add({ by: 'probes', ...asked, passed, refused });
  }

  /** Takes in calls to a service, and how many more were made and not measured. */
  addCalls(report: Omit<Extract<AgentReport, { type: 'calls' }>, 'type'>): void {
    const { service, nodes: to, calls, dropped } = report;
    for (const { at, ms, ok } of calls) {
      this.add({ by: 'calls', to, service, askedAt: at, elapsedMs: ms, passed: ok });
    }
    this.#dropped.set(service, (this.#dropped.get(service) ?? 0) + dropped);
  }

  /** Takes no more: services are about to be stopped, and not to answer is no failure from here on. */
  end(): void {
    this.#isOver = true;
  }

  isDue(now: number): boolean {
    return this.#waiting.length > 0 && now - this.#flushedAt >= INTERVAL_MS;
  }

  /**
   * The events for what was added since. A node was to serve from its first READY on; what it was asked before that says
   * nothing about its services and is left out.
   * @param times of an upgrade: what counts in none of its windows is left out, too
   */
  flush(
    now: number,
    firstReadyAt: (node: number) => number,
    times?: UpgradeTimes,
  ): MeshEventBody[] {
    const counted = this.#waiting
      .filter(({ to, askedAt }) => to.every((node) => askedAt >= firstReadyAt(node)))
      .map((probe) => ({ ...probe, window: times?.windowOf(probe) }))
      .filter(({ window }) => times === undefined || window !== undefined);
    this.#waiting = [];
    this.#flushedAt = now;
    const last = times?.window;
    if (last !== this.#window) this.#counted.clear();
    this.#window = last;
    const watched = new Map(counted.map((probe) => [wayOf(probe), probe]));
    return [...watched].map(([way, one]) => {
      const { service, by, over, window } = one;
      const probes = counted.filter((probe) => wayOf(probe) === way);
      if (window === last) {
        this.#counted.set(keyOf(one), (this.#counted.get(keyOf(one)) ?? 0) + probes.length);
      }
      const event = {
        ...eventOf(one, probes),
        ...(window === undefined ? {} : { window }),
        ...(times !== undefined && this.#sounded.includes(service) ? placesOf(probes, times) : {}),
      };
      if (by === 'calls') return { ...event, by, ...this.#takeDropped(service) };
      return over === 'wire' ? { ...event, over } : event;
    });
  }

  #takeDropped(service: string): { dropped?: number } {
    const dropped = this.#dropped.get(service) ?? 0;
    this.#dropped.delete(service);
    return dropped === 0 ? {} : { dropped };
  }
}

/** Left out: none of them says whether a node took connections when it should. */
function placesOf(
  probes: readonly ServiceProbe[],
  times: UpgradeTimes,
): Pick<Extract<MeshEventBody, { type: 'probes' }>, 'places'> {
  const counted = probes.filter((probe) => probe.over === 'wire' && times.isOutsideWaves(probe));
  const nodes = [...new Set(counted.flatMap(({ to }) => to))].sort((one, other) => one - other);
  if (nodes.length === 0) return {};
  const places = nodes.map((node) => {
    const there = counted.filter(({ to }) => to.includes(node));
    const refused = there.filter((probe) => probe.refused === true).length;
    const unanswered = there.filter((probe) => !probe.passed && probe.elapsedMs >= PATIENCE_MS);
    return {
      ...{ nodeId: nodeIdOf(node), asked: there.length, refused },
      unanswered: unanswered.length,
    };
  });
  return { places };
}

/** Names of services have no space. */
function keyOf({ service, by }: WatchedService): string {
  return `${by} ${service}`;
}

function wayOf(probe: ServiceProbe & { readonly window: UpgradeWindow | undefined }): string {
  return `${keyOf(probe)} ${probe.over ?? ''} ${probe.window ?? ''}`;
}

function eventOf({ service, by, over }: ServiceProbe, probes: readonly ServiceProbe[]) {
  const failed = probes.filter(({ passed }) => !passed);
  const latencyMs = probes.flatMap(({ passed, elapsedMs }) => (passed ? [elapsedMs] : []));
  const common = { type: 'probes', service, latencyMs, failed: failed.length } as const;
  if (failed.length === 0) return { ...common, status: 'passed' as const };
  const places = failed.map(({ to }) => to.map((node) => `n${node}`).join(' or '));
  const where = [...new Set(places)].sort().join(', ');
  const details = `${failed.length} of ${probes.length} ${waysOf({ measuredBy: by, over })} of "${service}" failed (${where})`;
  return { ...common, status: 'failed' as const, details };
}

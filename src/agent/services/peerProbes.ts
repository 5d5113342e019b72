import type { Manifest } from '../../model/capsule.ts';
import { meshAddressOf } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { PATIENCE_MS } from '../../model/serviceMeasures.ts';
import type { ServiceAnswer } from '../../mesh/serviceAsker.ts';
import type { Doorway } from '../box/doorway.ts';
import { isAsked } from '../../model/registry.ts';
import { probeOnce } from './probe.ts';
import type { ServicePorts } from './servicePorts.ts';

export interface PeerProbesOptions {
  /** By the number that questions have for them; undefined: not in this Capsule, and so not asked for. */
  readonly services: readonly (Manifest['services'][number] | undefined)[];
  /** By node, where services listen in its box. */
  readonly ports: readonly ServicePorts[];
  readonly doorway: Pick<Doorway, 'connectTo'>;
}

/** What came of the probes of one service of one node. */
interface Outcome {
  passed: number;
  failed: number;
  /** What was seen the last time it failed. */
  fault: string;
}

/**
 * Asks services of other nodes over the wire, as a program of this node would: by the request of their health check, to the
 * address that their node has in the mesh, on a connection of its own each time.
 */
export class PeerProbes {
  readonly #options: PeerProbesOptions;
  readonly #closed = new AbortController();
  /** By service and node, as a sentence names them. */
  readonly #outcomes = new Map<string, Outcome>();

  constructor(options: PeerProbesOptions) {
    this.#options = options;
  }

  /**
   * Whether the service, by its number, answers well within the patience of whoever asks, or nobody takes connections there;
   * undefined: it could not be asked, since the box of this node has no door any more.
   */
  async ask(to: number, service: number): Promise<ServiceAnswer | undefined> {
    const { services, ports, doorway } = this.#options;
    const asked = services[service];
    if (asked === undefined || !isAsked(asked.health)) return undefined;
    const { name, health } = asked;
    const door = { isGone: false, refuses: false };
    const fault = await probeOnce(
      {
        health: { ...health, timeoutMs: PATIENCE_MS },
        // As its callers name it, whom some servers ask for.
        host: name,
        ports: ports[to]?.[name] ?? {},
        connect: (port) =>
          doorway.connectTo(meshAddressOf(to), port, PATIENCE_MS).catch((error: unknown) => {
            const { code } = error as NodeJS.ErrnoException;
            door.isGone = code === 'EPIPE';
            door.refuses = code === 'ECONNREFUSED';
            throw error;
          }),
        run: () => Promise.reject(new Error('a command is no question for another node')),
      },
      this.#closed.signal,
    );
    if (door.isGone || this.#closed.signal.aborted) return undefined;
    this.#note(`"${name}" of ${nodeIdOf(to)}`, fault);
    if (fault === null) return 'passed';
    return door.refuses ? 'refused' : 'failed';
  }

  /** Of each service that never passed, one sentence: what its node sees of it may be something else. */
  unreached(): string[] {
    return [...this.#outcomes].flatMap(([place, { passed, failed, fault }]) =>
      passed > 0
        ? []
        : [`None of ${failed} probes of ${place} over the wire passed, at last: ${fault}.`],
    );
  }

  /** What is under way is of no interest any more. */
  close(): void {
    this.#closed.abort();
  }

  #note(place: string, fault: string | null): void {
    const outcome = this.#outcomes.get(place) ?? { passed: 0, failed: 0, fault: '' };
    this.#outcomes.set(place, outcome);
    if (fault === null) outcome.passed += 1;
    else Object.assign(outcome, { failed: outcome.failed + 1, fault });
  }
}

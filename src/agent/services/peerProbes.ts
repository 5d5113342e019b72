import type { Manifest } from '../../model/capsule.ts';
import { meshAddressOf } from '../../model/meshAddress.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { PATIENCE_MS } from '../../model/serviceMeasures.ts';
import type { Doorway } from '../box/doorway.ts';
import { probeOnce } from './probe.ts';
import type { ServicePorts } from './servicePorts.ts';

export interface PeerProbesOptions {
  /** Of the Capsule, with all of its services. */
  readonly manifest: Pick<Manifest, 'services'>;
  /** By node, where services listen in its box. */
  readonly ports: readonly ServicePorts[];
  readonly doorway: Pick<Doorway, 'connectTo'>;
  /** What was seen of a service that did not pass: of each service of each node, the first time. */
  readonly onFailed: (sentence: string) => void;
}

/**
 * Asks services of other nodes over the wire, as a program of this node would: by the request of their health check, to the
 * address that their node has in the mesh, on a connection of its own each time.
 */
export class PeerProbes {
  readonly #options: PeerProbesOptions;
  readonly #closed = new AbortController();
  readonly #told = new Set<string>();

  constructor(options: PeerProbesOptions) {
    this.#options = options;
  }

  /**
   * Whether the service, by its index in the manifest, answers well within the patience of whoever asks; undefined: it could not be
   * asked, since the box of this node has no door any more.
   */
  async ask(to: number, service: number): Promise<boolean | undefined> {
    const { manifest, ports, doorway } = this.#options;
    const asked = manifest.services[service];
    if (asked === undefined) return undefined;
    const { name, health } = asked;
    const door = { isGone: false };
    const fault = await probeOnce(
      {
        health: { ...health, timeoutMs: PATIENCE_MS },
        // As its callers name it, whom some servers ask for.
        host: name,
        ports: ports[to]?.[name] ?? {},
        connect: (port) =>
          doorway.connectTo(meshAddressOf(to), port, PATIENCE_MS).catch((error: unknown) => {
            door.isGone = (error as NodeJS.ErrnoException).code === 'EPIPE';
            throw error;
          }),
        run: () => Promise.reject(new Error('a command is no question for another node')),
      },
      this.#closed.signal,
    );
    if (door.isGone || this.#closed.signal.aborted) return undefined;
    if (fault !== null) this.#tell(name, to, fault);
    return fault === null;
  }

  /** What is under way is of no interest any more. */
  close(): void {
    this.#closed.abort();
  }

  #tell(service: string, to: number, fault: string): void {
    const place = `"${service}" of ${nodeIdOf(to)}`;
    if (this.#told.has(place)) return;
    this.#told.add(place);
    const hint = fault.includes('ECONNREFUSED')
      ? '; one that listens at 127.0.0.1 alone is reached by no other node'
      : '';
    this.#options.onFailed(`a probe of ${place} over the wire failed: ${fault}${hint}`);
  }
}

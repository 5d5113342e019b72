import type { ServiceAnswer } from '../mesh/serviceAsker.ts';
import type { Manifest } from '../model/capsule.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';
import type { Box } from './box/box.ts';
import { PeerProbes } from './services/peerProbes.ts';

export interface PeerAskingOptions {
  readonly launch: LaunchCommand;
  /** Of the Capsule that the node runs first. */
  readonly first: Manifest;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** Programs of this node reach services of others: `ask` may be called. */
  readonly onWired: () => void;
}

/** What this node asks of services of others, over the wire. */
export class PeerAsking {
  readonly #options: PeerAskingOptions;
  #probes: PeerProbes | undefined;

  constructor(options: PeerAskingOptions) {
    this.#options = options;
  }

  /** There is somebody to ask, if there is a wire. */
  get isMeant(): boolean {
    return this.#options.launch.wireAsks.some((services) => services.length > 0);
  }

  /** From a box that has a wire. */
  begin({ doorway }: Box): void {
    const { launch, first, onWired } = this.#options;
    const { askedNames, askedPorts } = launch.services;
    this.#probes = new PeerProbes({
      services: askedNames.map((asked) => first.services.find(({ name }) => name === asked)),
      ports: askedPorts,
      doorway,
    });
    onWired();
  }

  /** What a service, by the number that questions have for it, answers there; undefined: it could not be asked. */
  async ask(to: number, service: number): Promise<ServiceAnswer | undefined> {
    return this.#probes?.ask(to, service);
  }

  /** Nothing is asked any more: says which of them never answered. */
  end(): void {
    const { now, report } = this.#options;
    for (const text of this.#probes?.unreached() ?? []) {
      report({ type: 'log', at: now(), status: 'agent', text });
    }
  }

  close(): void {
    this.#probes?.close();
  }
}

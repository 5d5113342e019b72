import path from 'node:path';
import { MeshSimError } from '../../../base/errors.ts';
import type { ProcessesFound } from '../../../mesh/invariants.ts';
import type { Home, Way } from '../../../model/home.ts';
import type { Arrivals, HostedNodeReport } from '../../../model/hostReport.ts';
import type { HostSpec } from '../../../model/hosts.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import type { RealWay } from '../../../model/realWay.ts';
import { printable } from '../../../base/visibleText.ts';
import type { Redactor } from '../../../vault/redactor.ts';
import {
  arrivedSchema,
  doneSchema,
  leasedSchema,
  restSchema,
  type Prepared,
} from '../../../wire/keeper.ts';
import type { AgentStart, HostedAgent, HostMachine, HostPaths, Isolated } from '../hostedNode.ts';
import type { RemoteHostedNode } from '../runHosts.ts';
import type { NoDisk } from '../../real/disk/nodeDisk.ts';
import type { RealPath } from '../../real/switch/realPaths.ts';
import type { HostClock } from '../pipes/control.ts';
import type { KeeperLink, KeeperLinkOptions } from './keeperLink.ts';
import type { OpenedKeeper } from './openKeeper.ts';
import { RemoteAgent } from './remoteAgent.ts';
import { RemoteDisk } from './remoteDisk.ts';

/** A program whose keeper has left ends within moments; an engine removes its container first. */
const LEAVE_LIMIT_MS = 10_000;

export interface RemoteNodeOptions {
  readonly index: number;
  readonly host: string;
  readonly spec: HostSpec;
  readonly redactor: Redactor;
}

/** What was found on a host when its keeper had made its folders. */
export interface OpenedHost extends Omit<OpenedKeeper, 'link'> {
  readonly prepared: Prepared;
}

/** A node whose machine is another one; its keeper there does what is to be done. */
export class RemoteNode implements RemoteHostedNode {
  readonly #options: RemoteNodeOptions;
  #link: KeeperLink | undefined;
  #opened: OpenedHost | undefined;
  #origin = 0;
  #clockAtStart: HostClock | undefined;
  #pathMbps: number | undefined;
  #life = 0;
  #agent: RemoteAgent | undefined;
  #drops: number | null = 0;
  #lost: string | undefined;

  constructor(options: RemoteNodeOptions) {
    this.#options = options;
  }

  get index(): number {
    return this.#options.index;
  }

  get host(): string {
    return this.#options.host;
  }

  get spec(): HostSpec {
    return this.#options.spec;
  }

  /** Its keeper is there, and has made its folders. */
  opened(link: KeeperLink, opened: OpenedHost): void {
    this.#link = link;
    this.#opened = opened;
  }

  get facts(): OpenedHost {
    if (this.#opened === undefined) throw notOpened(this.host);
    return this.#opened;
  }

  /** @throws MeshSimError `internal` before it was measured */
  get clock(): HostClock {
    const clock = this.#link?.clock;
    if (clock === undefined) throw notOpened(this.host);
    return clock;
  }

  /**
   * The run begins at `origin`, ms of this machine's monotonic clock.
   * @param onPath hears what the real way takes each way, now and whenever it was measured anew
   */
  begin(origin: number, onPath: (path: RealPath) => void): void {
    this.#origin = origin;
    this.#clockAtStart = this.clock;
    const tell = () => {
      const oneWay = this.clock.rttMinMs / 2;
      onPath({ upMs: oneWay, downMs: oneWay });
      this.#open.order({ order: 'origin', at: origin + this.clock.offsetMs });
    };
    tell();
    this.#open.onClock = tell;
  }

  /** Measures what the way there carries, or takes what was measured of it for another node. */
  async measurePath(known?: number): Promise<void> {
    this.#pathMbps = known ?? (await this.#open.measurePath());
  }

  get realWay(): RealWay {
    return { nodeId: nodeIdOf(this.index), host: this.host, mbps: this.#pathMbps };
  }

  /** The way there before the run, as events tell it. */
  get way(): Way {
    const { rttMinMs } = this.clock;
    const pathMbps = this.#pathMbps;
    return { roundTripMs: rttMinMs, ...(pathMbps === undefined ? {} : { pathMbps }) };
  }

  /** Version of its kernel. */
  get kernel(): string {
    return this.facts.claims.kernel;
  }

  /** What is said of the machine is its own claim. */
  get home(): Home {
    const { os, arch, node } = this.facts.claims;
    return { host: this.host, kind: this.spec.kind, os, arch, node };
  }

  /** For evidence. */
  async report(): Promise<HostedNodeReport> {
    const arrivals = await this.#arrivals();
    const { hostKey, image, wallSkewMs } = this.facts;
    // Without its digest, an image may be another one there.
    const named = 'image' in this.spec ? this.spec.image : undefined;
    const identity = named?.includes('@sha256:') === true ? named : (image ?? hostKey);
    const { rttMinMs, rttP50Ms } = this.clock;
    const pathMbps = this.#pathMbps;
    return {
      nodeId: nodeIdOf(this.index),
      ...this.home,
      ...(identity === undefined ? {} : { identity }),
      clock: { start: read(this.#clockAtStart ?? this.clock), end: read(this.clock) },
      roundTripMs: { min: rttMinMs, p50: rttP50Ms },
      ...(pathMbps === undefined ? {} : { pathMbps }),
      arrivals,
      wallSkewMs,
    };
  }

  async #arrivals(): Promise<Arrivals> {
    if (this.#lost !== undefined) return null;
    const asked = this.#open.ask({ ask: 'arrivals' }, arrivedSchema);
    return asked.then(({ arrivals }) => arrivals).catch(() => null);
  }

  get machine(): HostMachine {
    return { name: this.host, cores: this.facts.claims.cores };
  }

  get paths(): HostPaths {
    const { prepared, claims } = this.facts;
    const { folder, runFolder, buildCacheFolder, toolCacheFolder } = prepared;
    const programs = path.posix.join(runFolder, 'programs');
    return {
      ...{ folder, buildCacheFolder, toolCacheFolder },
      storeFolder: path.posix.join(runFolder, 'store'),
      hostPath: claims.hostPath,
      bundles: {
        guard: path.posix.join(programs, 'guard.cjs'),
        door: path.posix.join(programs, 'door.cjs'),
        relay: programs,
      },
      // The developer's folders are on another machine.
      cover: { folders: [] },
      // A proxy of this machine, with its password perhaps, is none of theirs.
      proxy: {},
      origin: this.#origin + this.clock.offsetMs,
    };
  }

  emulatorAt(): number {
    return this.facts.prepared.doorPort;
  }

  portHere(there: number, at: number): Promise<number> {
    return this.#open.forward(there, at);
  }

  start(start: AgentStart): HostedAgent {
    this.#life += 1;
    const agent = new RemoteAgent(this.#open, this.#life, start);
    this.#agent = agent;
    const lost = this.#lost;
    // Whoever starts it has to have it first.
    if (lost !== undefined) setImmediate(() => agent.lost(lost));
    return agent;
  }

  addSurroundings({ isolation, pid, wire }: Isolated): void {
    const isWired = wire !== undefined;
    this.#open.order({ order: 'surroundings', isolation, pid, isWired });
  }

  takeDrops(): void {
    this.#link?.order({ order: 'take-drops' });
  }

  look(): void {
    this.#link?.order({ order: 'look' });
  }

  async end(): Promise<void> {
    if (this.#lost !== undefined) return;
    await this.#open.ask({ ask: 'end-node' }, doneSchema).catch(() => undefined);
  }

  /** As many ports of its own as its services need. @throws MeshSimError `port-unavailable`, `host-failed` */
  async leasePorts(count: number): Promise<readonly number[]> {
    const { ports } = await this.#open.ask({ ask: 'lease-ports', count }, leasedSchema);
    if (ports.length !== count)
      throw new MeshSimError('host-failed', `${this.host} leased no ports.`);
    return ports;
  }

  /** Before it is started. @throws MeshSimError `host-failed` */
  openDisk(): Promise<RemoteDisk | NoDisk> {
    return RemoteDisk.open(this.#open);
  }

  async endRest(): Promise<ProcessesFound> {
    if (this.#lost !== undefined) return { notLooked: `${this.host} cannot be asked any more` };
    try {
      const { found, drops } = await this.#open.ask({ ask: 'end-rest' }, restSchema);
      this.#drops = drops;
      if ('notLooked' in found)
        return { notLooked: `on ${this.host}, ${printable(found.notLooked)}` };
      const { redactor } = this.#options;
      return { ...found, left: found.left.map((name) => printable(redactor.text(name))) };
    } catch {
      return { notLooked: `${this.host} cannot be asked any more` };
    }
  }

  get deviceDrops(): number | null {
    return this.#lost === undefined ? this.#drops : null;
  }

  onAgent(news: Parameters<KeeperLinkOptions['onAgent']>[0]): void {
    this.#agent?.hear(news);
  }

  /** Its host cannot be reached any more, or says nothing. */
  lost(words: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = words;
    this.#link?.giveUp(new MeshSimError('host-failed', `${nodeIdOf(this.index)} ${words}.`));
    this.#link?.close();
    this.#agent?.lost(words);
  }

  /** Nothing of the run stays there. */
  async leave(): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    if (this.#lost === undefined)
      await link.ask({ ask: 'leave' }, doneSchema).catch(() => undefined);
    // A container is gone when its engine's program is.
    const limit = new Promise((resolve) => setTimeout(resolve, LEAVE_LIMIT_MS).unref());
    await Promise.race([link.gone, limit]);
    link.close();
    await this.facts.remove?.();
  }

  get #open(): KeeperLink {
    if (this.#link === undefined) throw notOpened(this.host);
    return this.#link;
  }
}

function read({ offsetMs, errorMs }: HostClock): Pick<HostClock, 'offsetMs' | 'errorMs'> {
  return { offsetMs, errorMs };
}

function notOpened(host: string): MeshSimError {
  return new MeshSimError('internal', `${host} was not opened.`);
}

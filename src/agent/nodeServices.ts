import { messageOf, MeshSimError } from '../base/errors.ts';
import type { Capsule, Manifest } from '../model/capsule.ts';
import { laidOutTrees } from '../model/laidOutTrees.ts';
import type { FoundProgram } from '../model/requiredProgram.ts';
import type { ServiceStatus } from '../model/serviceStatus.ts';
import type { Turn } from '../model/turns.ts';
import { brokenBy, brokenByFullDisk } from './broken.ts';
import { NotApplied, type Acting } from './disturbances.ts';
import type { Disturbance } from '../wire/disturbance.ts';
import type { AgentCommand, LaunchCommand } from '../wire/control.ts';
import type { Box } from './box/box.ts';
import { NodeGuard } from './nodeGuard.ts';
import { NodeIsolation } from './nodeIsolation.ts';
import type { NodeProcesses } from './nodeProcesses.ts';
import type { AgentReport, ServiceContent } from '../wire/report.ts';
import type { Redactor } from '../vault/redactor.ts';
import type { ServicesElsewhere } from './services/elsewhere.ts';
import { PeerProbes } from './services/peerProbes.ts';
import type { PortForwards } from './services/portForwards.ts';
import { servicesHere } from './services/servicesHere.ts';
import { stateFolderIn } from './services/serviceEnv.ts';
import type { Turns } from './turns.ts';
import type { Supervisor } from './services/supervisor.ts';
import path from 'node:path';

export type WantedPort = Pick<
  Extract<AgentCommand, { type: 'open-port' }>,
  'service' | 'port' | 'at'
>;

export interface NodeServicesOptions {
  readonly launch: LaunchCommand;
  readonly capsule: Capsule;
  readonly elsewhere: ServicesElsewhere;
  readonly redactor: Redactor;
  readonly processes: NodeProcesses;
  readonly turns: Turns;
  readonly readChunk: (digest: string) => Promise<Uint8Array>;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** Programs of this node reach services of others: `askPeer` may be called. */
  readonly onWired: () => void;
  readonly onStarted: () => void;
  readonly onHealthy: () => void;
  /** A service failed, before or after it had been healthy, or its build did. Called once. */
  readonly onFailed: (sentence: string, ofBuild: boolean) => void;
}

/** The services of this node, with what they do turned into reports. */
export class NodeServices {
  readonly #options: NodeServicesOptions;
  /** The Capsule's, with the services that this node runs. */
  readonly #manifest: Manifest;
  readonly #guard: NodeGuard | undefined;
  readonly #isolation: NodeIsolation;
  #supervisor: Supervisor | undefined;
  #peers: PeerProbes | undefined;
  #box: Box | undefined;
  #forwards: PortForwards | undefined;
  /** Resolves once it is known whether there is a box. */
  readonly #boxKnown: Promise<void>;
  #setBoxKnown: () => void = () => undefined;
  #failed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: NodeServicesOptions) {
    this.#options = options;
    this.#boxKnown = new Promise((resolve) => {
      this.#setBoxKnown = resolve;
    });
    const { launch, capsule, now, report } = options;
    this.#manifest = { ...capsule.manifest, services: servicesHere(launch, capsule.manifest) };
    this.#guard = NodeGuard.create({
      launch,
      now,
      report,
      onDenied: (sentence) => this.#fail(sentence),
    });
    this.#isolation = new NodeIsolation({
      launch,
      manifest: capsule.manifest,
      guard: this.#guard,
      now,
      report,
      onLost: (sentence) => this.#fail(sentence),
    });
  }

  async start(): Promise<void> {
    try {
      if (this.#manifest.services.length === 0) {
        // Somebody has to ask, over the wire where others have one.
        if (this.#asksOthers) await this.#openBox();
        this.#options.onStarted();
        this.#options.report({ type: 'contents', contents: [] });
        this.#options.onHealthy();
        return;
      }
      // Loaded this late: a node boots and verifies without it.
      const { Supervisor: Loaded } = await import('./services/supervisor.ts');
      this.#box = await this.#openBox();
      this.#supervisor = new Loaded(this.#supervisorOptions(this.#box));
      this.#setBoxKnown();
      await this.#supervisor.start();
      this.#options.report({ type: 'contents', contents: await this.contents() });
      this.#options.onHealthy();
    } catch (error) {
      this.#fail(messageOf(error), error);
    }
  }

  /** Whether the service, by its index in the manifest, passes its health check at this moment. */
  async probe(service: number): Promise<boolean> {
    const name = this.#options.capsule.manifest.services[service]?.name ?? '';
    return (await this.#supervisor?.probe(name)) ?? false;
  }

  /** The same of a service of another node, asked over the wire; undefined: it could not be asked. */
  async askPeer(to: number, service: number): Promise<boolean | undefined> {
    return this.#peers?.ask(to, service);
  }

  /** No service of another node is asked for any more: says which of them never answered. */
  endAsking(): void {
    const { now, report } = this.#options;
    for (const text of this.#peers?.unreached() ?? []) {
      report({ type: 'log', at: now(), status: 'agent', text });
    }
  }

  /** Asks every service's health again: says that all passed, or fails as it would had a service ended. */
  async checkHealth(): Promise<void> {
    const { now, report } = this.#options;
    const from = now();
    try {
      const asked = (await this.#supervisor?.checkHealth()) ?? { services: 0, oneShots: 0 };
      if (!this.#failed) report({ type: 'health', from, to: now(), ...asked });
    } catch (error) {
      this.#fail(messageOf(error), error);
    }
  }

  /**
   * Does to the services what chaos asks for, once it is known where they run. @throws NotApplied when it is `ending` before that, or
   * this node cannot do it
   */
  async disturb(fault: number, what: Disturbance, ending: Promise<void>): Promise<Acting> {
    const { nodeId } = this.#options.launch;
    await Promise.race([this.#boxKnown, ending]);
    if (this.#supervisor === undefined) throw new NotApplied(`${nodeId} had no services meanwhile`);
    const { disturb } = await import('./services/serviceDisturbances.ts');
    return disturb(fault, what, {
      nodeId,
      supervisor: this.#supervisor,
      nameFaults: this.#isolation.nameFaults,
      unboxed: this.#isolation.unavailable,
      onFailed: (error) => this.#fail(messageOf(error), error),
      onKilled: (service) => this.#onStatus(service, 'exited', 'it was killed by chaos'),
    });
  }

  /**
   * Has a port of this machine lead to one of a service here, until the services stop; resolves to its number.
   * @throws Error with the reason
   */
  async openPort({ service, port, at }: WantedPort): Promise<number> {
    const inside = this.#isolation.servicePorts[service]?.[port];
    const isHere = this.#manifest.services.some(({ name }) => name === service);
    if (!isHere || inside === undefined || this.#supervisor === undefined) {
      throw new Error(`${service} does not run on ${this.#options.launch.nodeId}`);
    }
    const { PortForwards: Loaded } = await import('./services/portForwards.ts');
    this.#forwards ??= new Loaded(this.#box);
    return this.#forwards.open(inside, at);
  }

  async contents(): Promise<ServiceContent[]> {
    return (await this.#supervisor?.contents()) ?? [];
  }

  /** Resolves when no process of a service is left, however often it is called. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#peers?.close();
    this.#forwards?.close();
    await this.#supervisor?.stop();
    this.#guard?.stop();
    await this.#isolation.close();
  }

  async #openBox(): Promise<Box | undefined> {
    const endTurn = await this.#options.turns.take({ turn: 'box' });
    const box = await this.#isolation.open().finally(endTurn);
    if (box !== undefined) this.#options.processes.addBox(box);
    if (box !== undefined && this.#isolation.isWired) this.#askOverWire(box);
    return box;
  }

  get #asksOthers(): boolean {
    return this.#options.launch.wireAsks.some((services) => services.length > 0);
  }

  #askOverWire({ doorway }: Box): void {
    const { launch, capsule, onWired } = this.#options;
    this.#peers = new PeerProbes({
      manifest: capsule.manifest,
      ports: launch.services.askedPorts,
      doorway,
    });
    onWired();
  }

  #fail(sentence: string, error?: unknown): void {
    // A service that was refused often ends over it: the attempt is the cause, and is told first.
    this.#guard?.hook.read();
    if (this.#failed) return;
    this.#failed = true;
    const { launch, report } = this.#options;
    const broken = brokenBy(error, launch) ?? brokenByFullDisk(sentence, launch);
    if (broken !== undefined) report(broken);
    const ofBuild = error instanceof MeshSimError && error.code === 'build-failed';
    this.#options.onFailed(sentence, ofBuild);
    void this.stop();
  }

  #supervisorOptions(box: Box | undefined) {
    const { launch, redactor, processes, turns, readChunk, report, now, onStarted } = this.#options;
    const { buildCacheFolder, toolCacheFolder, proxy, hostPath, secrets } = launch.services;
    const search = box?.view?.searchPath(hostPath);
    return {
      manifest: this.#manifest,
      trees: laidOutTrees(this.#options.capsule.manifest),
      elsewhere: this.#options.elsewhere,
      mesh: this.#isolation.mesh,
      nodeId: launch.nodeId,
      servicesFolder: path.join(launch.folder, 'services'),
      stateFolder: stateFolderIn(launch.folder),
      // A build holds the paths it was made at, and elsewhere they are of this run alone.
      buildCacheFolder:
        box?.view === undefined ? path.join(launch.folder, 'builds') : buildCacheFolder,
      homesFolder: path.join(launch.folder, 'homes'),
      toolCacheFolder,
      proxy,
      hostPath: search?.seen ?? hostPath,
      hiddenPath: search?.hidden ?? '',
      redactor,
      processes,
      servicePorts: this.#isolation.servicePorts,
      secrets,
      guard: this.#guard?.hook,
      box,
      readChunk,
      takeTurn: (turn: Turn) => turns.take(turn),
      onStatus: (service: string, status: ServiceStatus, details?: string) =>
        this.#onStatus(service, status, details),
      onLine: (service: string, status: 'stdout' | 'stderr', text: string) =>
        report({ type: 'log', at: now(), service, status, text }),
      onProgram: (service: string, found: FoundProgram) =>
        report({ type: 'program', at: now(), service, ...found }),
      onAllStarted: onStarted,
      onDeath: (failure: MeshSimError) => this.#fail(failure.message, failure),
    };
  }

  #onStatus(service: string, status: ServiceStatus, details?: string): void {
    const { now, report } = this.#options;
    const common = { type: 'service', at: now(), service, status } as const;
    report(details === undefined ? common : { ...common, details });
  }
}

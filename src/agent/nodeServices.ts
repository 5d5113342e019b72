import { messageOf, MeshSimError } from '../base/errors.ts';
import { brokenBy, brokenByFullDisk } from './broken.ts';
import { NotApplied, type Acting } from './disturbances.ts';
import type { ServiceAnswer } from '../mesh/serviceAsker.ts';
import type { Check } from '../model/check.ts';
import type { Disturbance } from '../wire/disturbance.ts';
import type { AgentCommand } from '../wire/control.ts';
import type { Box } from './box/box.ts';
import { NodeGuard } from './nodeGuard.ts';
import { NodeIsolation } from './nodeIsolation.ts';
import type { ServiceContent } from '../wire/report.ts';
import {
  ServiceSet,
  type HeldCapsule,
  type ServiceSetOptions,
  type Surroundings,
} from './serviceSet.ts';
import { PeerProbes } from './services/peerProbes.ts';
import type { PortForwards } from './services/portForwards.ts';
import type { Supervisor } from './services/supervisor.ts';

export type WantedPort = Pick<
  Extract<AgentCommand, { type: 'open-port' }>,
  'service' | 'port' | 'at'
>;

export interface NodeServicesOptions extends Omit<ServiceSetOptions, 'onDeath'> {
  /** The one that it runs first: what is known of services and their ports when the box is opened. */
  readonly first: HeldCapsule;
  /** Programs of this node reach services of others: `askPeer` may be called. */
  readonly onWired: () => void;
  readonly onHealthy: () => void;
  /** A service failed, before or after it had been healthy, or its build did. Called once for each Capsule that is run. */
  readonly onFailed: (sentence: string, ofBuild: boolean) => void;
}

/** The services of this node, and the box they run in. */
export class NodeServices {
  readonly #options: NodeServicesOptions;
  #set: ServiceSet;
  /** What ran last: in an upgrade, another one may have been migrated to since, and not started. */
  #ran: ServiceSet | undefined;
  readonly #guard: NodeGuard | undefined;
  readonly #isolation: NodeIsolation;
  #peers: PeerProbes | undefined;
  #box: Box | undefined;
  #checks: ServiceSet | undefined;
  #forwards: PortForwards | undefined;
  /** Resolves once it is known whether there is a box. */
  readonly #boxKnown: Promise<void>;
  #setBoxKnown: () => void = () => undefined;
  #failed = false;
  #isOpened = false;
  #stopped: Promise<void> | undefined;

  constructor(options: NodeServicesOptions) {
    this.#options = options;
    this.#boxKnown = new Promise((resolve) => {
      this.#setBoxKnown = resolve;
    });
    const { launch, first, now, report } = options;
    this.#set = this.#setOf(first);
    this.#guard = NodeGuard.create({
      launch,
      now,
      report,
      onDenied: (sentence) => this.#fail(sentence),
    });
    this.#isolation = new NodeIsolation({
      launch,
      manifest: first.capsule.manifest,
      guard: this.#guard,
      now,
      report,
      onLost: (sentence) => this.#fail(sentence),
    });
  }

  /** Opens the box, and runs the first Capsule in it. */
  start(): Promise<void> {
    return this.#starting(async (set) => {
      // Somebody has to ask, over the wire where others have one.
      if (!set.isEmpty || this.#asksOthers || this.#options.launch.upgrade !== undefined) {
        this.#box = await this.#openBox();
        this.#isOpened = true;
      }
      await this.#run(set);
    });
  }

  /** Puts another Capsule in the place of the one that was stopped, with their state brought to it; true: it may be started. */
  async migrateTo(held: HeldCapsule): Promise<boolean> {
    const set = this.#setOf(held);
    this.#set = set;
    this.#failed = false;
    try {
      if (!set.isEmpty) await set.migrate(this.#around(set), this.#setBoxKnown);
      return this.#set === set && !this.#failed;
    } catch (error) {
      if (this.#set === set) this.#fail(messageOf(error), error);
      return false;
    }
  }

  /** Runs, in the same box, the Capsule that the state was brought to. */
  async startMigrated(): Promise<void> {
    await this.#starting((set) => this.#run(set));
  }

  /** Runs a check of the product with the content of that Capsule, whatever runs meanwhile; resolves to why it did not pass. */
  check(held: HeldCapsule, check: Check, env: Record<string, string>): Promise<string | undefined> {
    const set = this.#checksOf(held);
    return set.check(this.#around(set), check, env);
  }

  /** Runs the workload of that Capsule, whatever runs meanwhile; resolves to how it ended, if not with 0. @throws MeshSimError */
  runWorkload(held: HeldCapsule): Promise<string | undefined> {
    const set = this.#checksOf(held);
    return set.runWorkload(this.#around(set));
  }

  #checksOf(held: HeldCapsule): ServiceSet {
    this.#checks ??= this.#setOf({ ...held, servicesFolder: 'checks', isForChecks: true });
    return this.#checks;
  }

  /** Ends what it runs; the box stays. */
  async stopServices(): Promise<void> {
    // What ends now has not failed.
    const set = this.#set;
    await set.stop();
  }

  #setOf(held: HeldCapsule): ServiceSet {
    const onDeath = (failure: MeshSimError) => {
      if (this.#set === set) this.#fail(failure.message, failure);
    };
    const set: ServiceSet = new ServiceSet({ ...this.#options, onDeath }, held);
    return set;
  }

  /** A set that was put in another's place meanwhile is not asked any more what became of it. */
  async #starting(start: (set: ServiceSet) => Promise<void>): Promise<void> {
    const set = this.#set;
    try {
      await start(set);
      if (this.#set === set) this.#options.onHealthy();
    } catch (error) {
      if (this.#set === set) this.#fail(messageOf(error), error);
    }
  }

  async #run(set: ServiceSet): Promise<void> {
    if (set.isEmpty) this.#options.onStarted();
    else await set.start(this.#around(set), this.#setBoxKnown);
    this.#ran = set;
    this.#options.report({ type: 'contents', contents: await set.contents() });
  }

  #around({ manifest }: ServiceSet): Surroundings {
    return {
      mesh: this.#isolation.meshFor(manifest),
      servicePorts: this.#isolation.portsFor(manifest),
      guard: this.#guard,
      box: this.#box,
    };
  }

  /** Whether the service, by the number that questions have for it, passes its health check at this moment. */
  async probe(service: number): Promise<boolean> {
    const name = this.#options.launch.services.askedNames[service] ?? '';
    return (await this.#supervisor?.probe(name)) ?? false;
  }

  /** The same of a service of another node, asked over the wire; undefined: it could not be asked. */
  async askPeer(to: number, service: number): Promise<ServiceAnswer | undefined> {
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
      onKilled: (service) => this.#set.onStatus(service, 'exited', 'it was killed by chaos'),
    });
  }

  /**
   * Has a port of this machine lead to one of a service here, until the services stop; resolves to its number.
   * @throws Error with the reason
   */
  async openPort({ service, port, at }: WantedPort): Promise<number> {
    const inside = this.#isolation.portsFor(this.#set.manifest)[service]?.[port];
    if (!this.#set.has(service) || inside === undefined || this.#supervisor === undefined) {
      throw new Error(`${service} does not run on ${this.#options.launch.nodeId}`);
    }
    const { PortForwards: Loaded } = await import('./services/portForwards.ts');
    this.#forwards ??= new Loaded(this.#box);
    return this.#forwards.open(inside, at);
  }

  /** Of the services that ran last. */
  async contents(): Promise<ServiceContent[]> {
    return (this.#ran ?? this.#set).contents();
  }

  /** Resolves when no process of a service is left, however often it is called. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#peers?.close();
    this.#forwards?.close();
    await this.#checks?.stop();
    await this.#set.stop();
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

  get #supervisor(): Supervisor | undefined {
    return this.#set.supervisor;
  }

  get #asksOthers(): boolean {
    return this.#options.launch.wireAsks.some((services) => services.length > 0);
  }

  #askOverWire({ doorway }: Box): void {
    const { launch, first, onWired } = this.#options;
    const { services } = first.capsule.manifest;
    const { askedNames, askedPorts } = launch.services;
    this.#peers = new PeerProbes({
      services: askedNames.map((asked) => services.find(({ name }) => name === asked)),
      ports: askedPorts,
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
    // One that is upgraded may be moved to the other Capsule then.
    if (launch.upgrade === undefined || !this.#isOpened) void this.stop();
    else void this.stopServices();
  }
}

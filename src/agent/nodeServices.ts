import { messageOf, MeshSimError } from '../base/errors.ts';
import { brokenBy, brokenByFullDisk } from './broken.ts';
import { NotApplied, type Acting } from './disturbances.ts';
import type { Disturbance } from '../wire/disturbance.ts';
import type { AgentCommand } from '../wire/control.ts';
import { NodeGuard } from './nodeGuard.ts';
import { BesideServices } from './besideServices.ts';
import { NodePlaces } from './nodePlaces.ts';
import { PeerAsking } from './peerAsking.ts';
import { ProductUsers } from './productUsers.ts';
import type { ServiceContent } from '../wire/report.ts';
import {
  ServiceSet,
  type HeldCapsule,
  type ServiceSetOptions,
  type Surroundings,
} from './serviceSet.ts';
import type { PortForwards } from './services/portForwards.ts';
import type { Supervisor } from './services/supervisor.ts';

export type WantedPort = Pick<
  Extract<AgentCommand, { type: 'open-port' }>,
  'service' | 'port' | 'at'
>;

export interface NodeServicesOptions extends Omit<ServiceSetOptions, 'onDeath'> {
  /** The one that it runs first: what is known of services and their ports when the box is opened. */
  readonly first: HeldCapsule;
  /** Programs of this node reach services of others: `peers` may be asked. */
  readonly onWired: () => void;
  readonly onHealthy: () => void;
  /** A service failed, before or after it had been healthy, or its build did. Called once for each Capsule that is run. */
  readonly onFailed: (sentence: string, ofBuild: boolean) => void;
  /** What was started beside those that serve has failed before it took over. Called once for each Capsule that comes. */
  readonly onBesideFailed: (sentence: string) => void;
}

/** The services of this node, and the box they run in. */
export class NodeServices {
  readonly #options: NodeServicesOptions;
  #set: ServiceSet;
  /** What ran last: in an upgrade, another one may have been migrated to since, and not started. */
  #ran: ServiceSet | undefined;
  readonly #guard: NodeGuard | undefined;
  readonly #places: NodePlaces;
  readonly #beside: BesideServices;
  /** Services of others. */
  readonly peers: PeerAsking;
  /** Who uses the product meanwhile. */
  readonly users: ProductUsers;
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
    const { launch, first, now, report, processes, turns } = options;
    this.#set = this.#setOf(first);
    this.#guard = NodeGuard.create({
      launch,
      now,
      report,
      onDenied: (sentence) => this.#fail(sentence),
    });
    this.#places = new NodePlaces({
      ...{ launch, processes, turns, guard: this.#guard, now, report },
      onLost: (sentence) => this.#fail(sentence),
    });
    const { manifest } = first.capsule;
    this.peers = new PeerAsking({ launch, first: manifest, now, report, onWired: options.onWired });
    this.users = new ProductUsers({
      places: this.#places,
      isBeside: launch.upgrade?.isBeside === true,
      first: manifest,
      setOf: (held) => this.#setOf(held),
      serving: () => this.#set.place,
    });
    this.#beside = new BesideServices({
      places: this.#places,
      onFailed: (error) => {
        const broken = brokenBy(error, launch) ?? brokenByFullDisk(messageOf(error), launch);
        if (broken !== undefined) report(broken);
        options.onBesideFailed(messageOf(error));
      },
    });
  }

  /** Opens the box, and runs the first Capsule in it. */
  start(): Promise<void> {
    return this.#starting(async (set) => {
      // Somebody has to ask, over the wire where others have one.
      if (!set.isEmpty || this.peers.isMeant || this.#options.launch.upgrade !== undefined) {
        const box = await this.#places.open(0, set.manifest);
        if (box !== undefined && this.#places.isWired) this.peers.begin(box);
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

  /** Lays another Capsule out beside what serves, with the state brought to it; true: it may be started. */
  async migrateBeside(held: HeldCapsule): Promise<boolean> {
    const place = 1 - this.#set.place;
    return this.#beside.migrate(this.#setOf({ ...held, place, isComing: true }));
  }

  /** Runs it there; true: it is healthy. */
  startBeside(): Promise<boolean> {
    return this.#beside.start(this.#options.onStarted);
  }

  /** What has come serves from now on. */
  async takeOver(): Promise<void> {
    const set = this.#beside.takeOver(this.#set);
    if (set === undefined) return;
    this.#set = set;
    this.#ran = set;
    this.#failed = false;
    this.#options.report({ type: 'contents', contents: await set.contents() });
  }

  /** Ends what does not serve any more, or what was to come. */
  stopOther(): Promise<void> {
    return this.#beside.stopOther();
  }

  /** Asks what serves for its health; true: it passed. */
  async asksWell(): Promise<boolean> {
    try {
      await this.#supervisor?.checkHealth();
      return !this.#failed;
    } catch (error) {
      this.#fail(messageOf(error), error);
      return false;
    }
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
      else this.#beside.hasDied(set, failure);
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

  #around({ place, manifest }: ServiceSet): Surroundings {
    return this.#places.around(place, manifest);
  }

  /** Whether the service, by the number that questions have for it, passes its health check at this moment. */
  async probe(service: number): Promise<boolean> {
    const name = this.#options.launch.services.askedNames[service] ?? '';
    return (await this.#supervisor?.probe(name)) ?? false;
  }

  /**
   * Asks every service's health again: says that all passed, or fails as it would had a service ended. A wire that was cut before that
   * has failed the node by then: what services say to others is no part of their health.
   */
  async checkHealth(): Promise<void> {
    const { now, report } = this.#options;
    const from = now();
    try {
      const asked = (await this.#supervisor?.checkHealth()) ?? { services: 0, oneShots: 0 };
      await this.#places.settled();
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
      nameFaults: this.#places.nameFaults,
      unboxed: this.#places.unavailable,
      onFailed: (error) => this.#fail(messageOf(error), error),
      onKilled: (service) => this.#set.onStatus(service, 'exited', 'it was killed by chaos'),
    });
  }

  /**
   * Has a port of this machine lead to one of a service here, until the services stop; resolves to its number.
   * @throws Error with the reason
   */
  async openPort({ service, port, at }: WantedPort): Promise<number> {
    const inside = this.#around(this.#set).servicePorts[service]?.[port];
    if (!this.#set.has(service) || inside === undefined || this.#supervisor === undefined) {
      throw new Error(`${service} does not run on ${this.#options.launch.nodeId}`);
    }
    const { PortForwards: Loaded } = await import('./services/portForwards.ts');
    this.#forwards ??= new Loaded(() => this.#places.boxAt(this.#set.place));
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
    this.peers.close();
    this.#forwards?.close();
    await this.users.stop();
    await this.#beside.stop();
    await this.#set.stop();
    this.#guard?.stop();
    await this.#places.close();
  }

  get #supervisor(): Supervisor | undefined {
    return this.#set.supervisor;
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

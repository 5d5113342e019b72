import type { Socket } from 'node:net';
import { MeshSimError, messageOf } from '../base/errors.ts';
import type { MeshValues } from '../capsule/placeholders.ts';
import { namesReplaced } from '../capsule/serviceNames.ts';
import type { Manifest } from '../model/capsule.ts';
import type { Box, Unavailable } from './box/box.ts';
import type { ServingPlace } from './box/gateway.ts';
import type { NameFaults } from './box/nameFaults.ts';
import type { NodeBox } from './box/nodeBox.ts';
import type { Wire } from './box/wire.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { NodeGuard } from './nodeGuard.ts';
import type { AgentReport } from '../wire/report.ts';
import { servicesHere } from './services/servicesHere.ts';
import { meshValues } from './services/meshValues.ts';
import { registryPorts, type ServicePorts } from './services/servicePorts.ts';
import { wireNeeded } from './box/wireNeeded.ts';
import type { Turns } from './turns.ts';
import { serviceEnv, stateFolderIn } from './services/serviceEnv.ts';

type Isolated = Extract<AgentReport, { type: 'isolated' }>;

export interface NodeIsolationOptions {
  readonly launch: LaunchCommand;
  /** All services of the Capsule, whether they run here or not. */
  readonly manifest: Manifest;
  readonly guard: NodeGuard | undefined;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** The box ended, and not because it was closed. */
  readonly onLost: (sentence: string) => void;
  /** What chaos does to the names that services ask for. */
  readonly nameFaults: NameFaults;
  /** Which network of the node it is, where it has more than one; left out: it has one. */
  readonly place?: number | undefined;
  /** Who is in there, beginning of a sentence; left out: builds and services. */
  readonly who?: string | undefined;
  /** Services that run in another place of the node, for who is in here. */
  readonly services?: ServingPlace | undefined;
}

/** The box of this node, with how far it reaches turned into reports. */
export class NodeIsolation {
  readonly #options: NodeIsolationOptions;
  #opened: NodeBox | undefined;
  #wire: Wire | undefined;
  /** Why services of this node reach no other, one clause; undefined: they do. */
  #wireMissing: string | undefined;
  #isClosing = false;
  /** Its wire has ended, and it is found out whether the box has. */
  #losing: Promise<void> | undefined;
  #unavailable: string | undefined;

  constructor(options: NodeIsolationOptions) {
    this.#options = options;
  }

  /**
   * What builds and services are to run in; undefined: there is no box, and every node says why.
   * @param known which boxes programs can enter on this machine; is told of this one
   * @throws MeshSimError `secret-missing` | `registry-invalid` | `agent-failed` when it was ended from outside meanwhile
   */
  async open(known: Pick<Turns, 'entered'>): Promise<Box | undefined> {
    const found = await this.#open(known.entered);
    known.entered = 'way' in found ? found.way : undefined;
    // Whom the guard keeps from where is told of the first: what it loads into programs is found at the same path in each.
    if ((this.#options.place ?? 0) === 0) {
      this.#options.guard?.entered(found, this.portsFor(this.#options.manifest));
    }
    if ('unavailable' in found) {
      const { unavailable: reason, by = 'machine' } = found;
      this.#unavailable = reason;
      this.#hasNoWire(found.unavailable);
      this.#report(
        { isolation: 'none', limit: { by, reason } },
        `share network, processes and paths with this machine: ${reason}. No name server knows services: where env and commands say name:port of one, they get 127.0.0.1 and its port here.`,
      );
      return undefined;
    }
    const { isolation, limit, view, pid } = found;
    const wired = await this.#wired();
    const wire = this.#wire;
    this.#report(
      {
        isolation,
        pid,
        ...(limit === undefined ? {} : { limit }),
        ...(wire === undefined ? {} : { wire: { congestionControl: wire.congestionControl } }),
      },
      (limit === undefined
        ? `have a network, processes and paths of their own, and find themselves in ${view?.place ?? '/'}.`
        : `have a network of their own, but share processes and paths with this machine: ${limit.reason}.`) +
        wired,
    );
    return found;
  }

  /** Whether services reach those of other nodes, once `open` has resolved. */
  get isWired(): boolean {
    return this.#wire !== undefined;
  }

  /** Why there is no box, one clause; undefined: there is, or nobody knows yet. */
  get unavailable(): string | undefined {
    return this.#unavailable;
  }

  /** Where services of that Capsule listen: in a box at the ports of the registry, else at those that were leased for this run. */
  portsFor(manifest: Manifest): ServicePorts {
    const { launch } = this.#options;
    return this.#opened === undefined ? launch.services.servicePorts : this.#portsInside(manifest);
  }

  /** Resolves when whatever had happened to the box and its wire until now was said: its door tells of that in order. */
  async settled(): Promise<void> {
    await this.#opened?.box.answers();
    await this.#losing;
  }

  /** Resolves when nothing of the box is left. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wire?.release();
    await this.#opened?.close();
  }

  async #open(entered: string | undefined): Promise<Box | Unavailable> {
    const { launch, guard, place, services, nameFaults } = this.#options;
    const { box } = launch.services;
    if (box === undefined) {
      return {
        by: 'settings',
        unavailable: 'mesh.environments.json has turned namespaces off for simulations',
      };
    }
    // Loaded this late: a node boots and verifies without it.
    const { openNodeBox } = await import('./box/nodeBox.ts');
    const { BoxLost } = await import('./box/opening.ts');
    const { meshNames } = await import('./box/meshNames.ts');
    const ports = await this.#openPorts(box.ports);
    const wire = await this.#wireFor(box.door);
    const opening = openNodeBox({
      ...{ ...box, wire, ports },
      entered,
      enters: (tried) => this.#connect(tried, () => opening),
      folder: launch.folder,
      index: launch.index,
      congestionControl: box.congestionControl,
      meshAddresses: meshNames({ ...launch, places: launch.services.places }),
      ...{ place, services, nameFaults },
      deny: guard?.deny ?? [],
      owners: guard?.owners ?? new Map<string, string>(),
      onDenied: (service, attempt) => guard?.hook.denied(service, attempt),
    });
    const opened = await opening
      .catch((error: unknown) => {
        throw error instanceof BoxLost ? new MeshSimError('agent-failed', this.#lost) : error;
      })
      // Whoever carries packets has its own hold on it.
      .finally(() => wire?.destroy());
    if ('unavailable' in opened) {
      this.#wire = undefined;
      return opened;
    }
    this.#opened = opened;
    void opened.box.gone.then(() => this.#onGone());
    return opened.box;
  }

  /** A connection to the emulator, where the door of a box wants one; without it the wire of the box will say what is wrong. */
  async #wireFor(door: string): Promise<Socket | undefined> {
    const { launch, place } = this.#options;
    const { forksRelay } = await import('./box/tools.ts');
    if (!forksRelay(door)) return undefined;
    const { wireConnection } = await import('./box/wire.ts');
    const { network, index } = launch;
    return wireConnection({ network, index, place }).catch(() => undefined);
  }

  /** Puts the box that is tried on the wire; true: by a program that entered it. `opening`: settles when that box, or a lesser one, is what there is. */
  async #connect(box: Box, opening: () => Promise<NodeBox | Unavailable>): Promise<boolean> {
    const { launch, place } = this.#options;
    const { index, network, folder, services } = launch;
    const scripts = services.box?.relay ?? '';
    // A box that is given up after all takes its wire along.
    const lost = (why: string) => {
      this.#losing = opening().then(
        (found) => ('box' in found && found.box === box ? this.#lostWire(box, why) : undefined),
        () => undefined,
      );
    };
    this.#wire = undefined;
    try {
      const { Wire: Loaded } = await import('./box/wire.ts');
      this.#wire = await Loaded.open({
        ...{ box, network, index, place, scripts, folder },
        onLost: lost,
      });
      return this.#wire.hasEntered;
    } catch (error) {
      this.#wireMissing = messageOf(error);
      return false;
    }
  }

  async #lostWire(box: Box, why: string): Promise<void> {
    const { launch, onLost } = this.#options;
    const isThere = await box.answers();
    // A relay ends with its box, which then is what was lost; one that is being closed was there.
    onLost(
      isThere || this.#isClosing
        ? `${launch.nodeId} was cut off from the mesh: ${why}. What its services said to others was lost: run again.`
        : this.#lost,
    );
  }

  /** Whether the box that was opened has a wire, as a sentence of its own. @throws MeshSimError `agent-failed` where it must have one */
  async #wired(): Promise<string> {
    if (this.#wire === undefined) {
      const why = this.#wireMissing ?? '';
      this.#hasNoWire(why);
      return ` They reach no other node: ${why}.`;
    }
    this.#wireMissing = undefined;
    this.#options.guard?.wired();
    const { hiddenByMesh } = await import('./box/hiddenByMesh.ts');
    return ` They reach other nodes over the emulated network.${hiddenByMesh()}`;
  }

  /** `why`: services of this node reach no other, one clause. @throws MeshSimError `agent-failed` where the plan needs them to */
  #hasNoWire(why: string): void {
    this.#wireMissing = why;
    const { services, nodeId, upgrade } = this.#options.launch;
    const isBeside = upgrade?.isBeside === true;
    if (!services.needsWire && !isBeside) return;
    const by = services.needsWire ? 'placement' : 'beside';
    throw new MeshSimError('agent-failed', wireNeeded(`${nodeId} has none, ${why}`, by));
  }

  /** What placeholders say of the mesh here, once `open` has resolved. */
  meshFor(manifest: Manifest): MeshValues {
    const { launch } = this.#options;
    const values = meshValues(launch, this.#wireMissing ?? this.#portsUnknown(manifest));
    const here = servicesHere(launch, manifest);
    const isAsStated = this.#opened !== undefined && registryPorts(here) !== undefined;
    return isAsStated ? values : { ...values, named: namesReplaced(here, this.portsFor(manifest)) };
  }

  /** Why the ports that other nodes have inside are not known here, one clause; undefined: they are the registry's. */
  #portsUnknown({ services }: Manifest): string | undefined {
    return registryPorts(services) === undefined && !this.#options.launch.services.needsWire
      ? 'two services have the same port in the registry, so that each node gives its own ports of its own'
      : undefined;
  }

  #portsInside(manifest: Manifest): ServicePorts {
    const { launch } = this.#options;
    const here = servicesHere(launch, manifest);
    return registryPorts(manifest.services, here) ?? launch.services.servicePorts;
  }

  #onGone(): void {
    if (!this.#isClosing) this.#options.onLost(this.#lost);
  }

  get #lost(): string {
    return `The box of ${this.#options.launch.nodeId} was ended from outside, and all its services with it: run again.`;
  }

  async #openPorts(further: readonly number[]): Promise<number[]> {
    const { launch, manifest, guard } = this.#options;
    const { openPorts } = await import('./box/openPorts.ts');
    const { nodeId, services } = launch;
    const here = servicesHere(launch, manifest);
    const sources = {
      nodeId,
      ...services,
      servicePorts: this.#portsInside(manifest),
      mesh: meshValues(launch, this.#portsUnknown(manifest)),
      stateFolder: stateFolderIn(launch.folder),
    };
    return openPorts({
      envs: [
        ...here.map((service) => serviceEnv(service, sources)),
        ...(here.some((service) => 'build' in service) ? [services.proxy] : []),
      ],
      patterns: guard?.deny ?? [],
      further,
      own: Object.values(this.#portsInside(manifest)).flatMap((ports) => Object.values(ports)),
    });
  }

  #report(found: Omit<Isolated, 'type' | 'at' | 'sentence'>, how: string): void {
    const { launch, report, now } = this.#options;
    const { who = 'Builds and services' } = this.#options;
    const sentence = `${who} of ${launch.nodeId} ${how}`;
    report({ type: 'isolated', at: now(), ...found, sentence });
  }
}

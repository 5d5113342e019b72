import type { Manifest } from '../model/capsule.ts';
import { meshAddressOf } from '../model/meshAddress.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';
import type { Box } from './box/box.ts';
import type { ServingPlace } from './box/gateway.ts';
import { NameFaults } from './box/nameFaults.ts';
import type { NodeGuard } from './nodeGuard.ts';
import { NodeIsolation } from './nodeIsolation.ts';
import type { NodeProcesses } from './nodeProcesses.ts';
import type { Surroundings } from './serviceSet.ts';
import { registryPorts } from './services/servicePorts.ts';
import { servicesHere } from './services/servicesHere.ts';
import type { Turns } from './turns.ts';

export interface NodePlacesOptions {
  readonly launch: LaunchCommand;
  readonly processes: NodeProcesses;
  readonly turns: Turns;
  readonly guard: NodeGuard | undefined;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** A box ended, and not because it was closed. */
  readonly onLost: (sentence: string) => void;
}

interface Place {
  readonly isolation: NodeIsolation;
  /** Undefined: there is none. */
  readonly box: Promise<Box | undefined>;
  opened?: Box | undefined;
}

/** Of who uses the product, where services have two places. */
export const USERS_PLACE = 2;

/** Who is in a place, the beginning of a sentence; undefined: builds and services, as everywhere. */
const WHO: readonly (string | undefined)[] = [
  undefined,
  'Services that start beside those',
  'Checks and workload',
];

/**
 * Where services of the node run: in one box; or, where some start beside those that serve, in two in turn, with one more for who
 * uses the product and is to find what serves.
 */
export class NodePlaces {
  /** What chaos does to the names that services ask for. */
  readonly nameFaults = new NameFaults();
  readonly #options: NodePlacesOptions;
  readonly #places = new Map<number, Place>();

  constructor(options: NodePlacesOptions) {
    this.#options = options;
  }

  /**
   * Opens the place, once; resolves to its box, undefined where there is none, and every node says why.
   * @param manifest of what runs there first
   * @param services those that run elsewhere on this node, for who is in there
   * @throws MeshSimError `secret-missing` | `registry-invalid` | `agent-failed`
   */
  open(at: number, manifest: Manifest, services?: ServingPlace): Promise<Box | undefined> {
    const known = this.#places.get(at);
    if (known !== undefined) return known.box;
    const { launch, guard, now, report, onLost } = this.#options;
    const isBeside = launch.upgrade?.isBeside === true;
    const isolation = new NodeIsolation({
      ...{ launch, manifest, guard, now, report, onLost, services },
      nameFaults: this.nameFaults,
      who: WHO[at],
      place: isBeside ? at : undefined,
    });
    const place: Place = { isolation, box: this.#opened(isolation) };
    this.#places.set(at, place);
    return place.box.then((box) => (place.opened = box));
  }

  /** For services of that Capsule in a place that was opened, or in none. */
  around(at: number, manifest: Manifest): Surroundings {
    const place = this.#places.get(at);
    const { isolation } = place ?? this.#unopened(manifest);
    return {
      mesh: isolation.meshFor(manifest),
      servicePorts: isolation.portsFor(manifest),
      guard: this.#options.guard,
      box: place?.opened,
    };
  }

  /** Undefined: there is none, or it was not opened. */
  boxAt(at: number): Box | undefined {
    return this.#places.get(at)?.opened;
  }

  /** Whether services of the first place reach those of other nodes. */
  get isWired(): boolean {
    return this.#places.get(0)?.isolation.isWired === true;
  }

  /** Why there is no box, one clause; undefined: there is, or nobody knows yet. */
  get unavailable(): string | undefined {
    return this.#places.get(0)?.isolation.unavailable;
  }

  /** What serves, for who is in another place. @param serving the place of what serves at present */
  servingPlace(manifests: readonly Manifest[], serving: () => number): ServingPlace {
    const { launch } = this.#options;
    const all = manifests.flatMap((manifest) => {
      const here = servicesHere(launch, manifest);
      const ports = registryPorts(here) ?? launch.services.servicePorts;
      return here.flatMap(({ name }) => Object.values(ports[name] ?? {}));
    });
    return {
      address: meshAddressOf(launch.index),
      ports: [...new Set(all)],
      connect: async (port) => {
        const box = this.boxAt(serving());
        if (box === undefined) throw new Error('nothing serves');
        return box.doorway.connect(port);
      },
    };
  }

  /** Resolves when whatever had happened to any box until now was said. */
  async settled(): Promise<void> {
    await Promise.all([...this.#places.values()].map(({ isolation }) => isolation.settled()));
  }

  /** Resolves when nothing of any box is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#places.values()].map(({ isolation }) => isolation.close()));
  }

  async #opened(isolation: NodeIsolation): Promise<Box | undefined> {
    const { turns, processes } = this.#options;
    const endTurn = await turns.take({ turn: 'box' });
    const box = await isolation.open(turns).finally(endTurn);
    if (box !== undefined) processes.addBox(box);
    return box;
  }

  /** Of a node that runs nothing, and so needs no box. */
  #unopened(manifest: Manifest): Pick<Place, 'isolation'> {
    const { launch, guard, now, report, onLost } = this.#options;
    const options = { launch, manifest, guard, now, report, onLost };
    return { isolation: new NodeIsolation({ ...options, nameFaults: this.nameFaults }) };
  }
}

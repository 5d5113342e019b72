import { MeshSimError, messageOf } from '../../base/errors.ts';
import { LOCAL_HOST } from '../../model/hostKinds.ts';
import { hostsOfNodes } from '../../model/hostPlacement.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import { placesOf } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';
import { isOneShot, type Service } from '../../model/registry.ts';
import { linkAddress, linkName, type LinkTarget } from '../../model/serviceLink.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';
import type { AgentCommand } from '../../wire/control.ts';
import type { AgentReport } from '../../wire/report.ts';

type LinkedService = Pick<Service, 'name' | 'ports' | 'health'>;
type Opened = Extract<AgentReport, { type: 'port-opened' }>;

/** A link of a run: where its service can be reached on this machine, if it was opened. */
export interface ServiceLink extends LinkTarget {
  /** Its service is healthy there at present. */
  readonly isUp: boolean;
  readonly address?: string;
}

/** See HostedNode. */
type PortHere = (node: number, there: number, at: number) => Promise<number>;

export interface LinkListener {
  readonly onOpened: (link: LinkTarget, address: string) => void;
  /** `why`: one clause. */
  readonly onRefused: (link: LinkTarget, why: string) => void;
}

interface Entry {
  readonly id: number;
  readonly node: number;
  readonly target: LinkTarget;
  readonly health: Service['health'];
  /** The port of this machine; 0: any. One that was given stays, so that a node that is started again is found where it was. */
  at: number;
  isWanted: boolean;
  state: 'closed' | 'asked' | 'open';
}

/** Ports of this machine that lead to services of a run, for as long as its nodes are up. */
export class ServiceLinks {
  readonly #plan: Pick<Plan, 'params' | 'placement' | 'hosts'>;
  readonly #services: readonly LinkedService[];
  readonly #entries: readonly Entry[];
  /** `service node` of those that are healthy. */
  readonly #up = new Set<string>();
  readonly #listeners = new Set<LinkListener>();
  #send: (node: number, command: AgentCommand) => void = () => undefined;
  #portHere: PortHere = (_node, there) => Promise.resolve(there);

  constructor(
    plan: Pick<Plan, 'params' | 'placement' | 'hosts'>,
    services: readonly LinkedService[],
  ) {
    this.#plan = plan;
    this.#services = services;
    this.#entries = services
      .flatMap((service) => this.#entriesOf(service))
      .map((entry, id) => ({ ...entry, id, at: 0, isWanted: false, state: 'closed' }));
  }

  /**
   * @param send says something to the agent of a node, if it has one
   * @param portHere leads from this machine to a port of a node's
   */
  connect(send: (node: number, command: AgentCommand) => void, portHere: PortHere): void {
    this.#send = send;
    this.#portHere = portHere;
  }

  /** Returns the function that ends the subscription. */
  listen(listener: LinkListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): ServiceLink[] {
    return this.#entries.map((entry) => ({
      ...entry.target,
      isUp: this.#isUp(entry),
      ...(entry.state === 'open' ? { address: addressOf(entry) } : {}),
    }));
  }

  /**
   * Opens it as soon as its service is healthy, and again whenever its node is back.
   * @param at the port of this machine; 0: any that is free
   * @throws MeshSimError `usage` where the run has no such port
   */
  want(target: LinkTarget, at = 0): void {
    const entry = this.#entryOf(target);
    if (at !== 0) entry.at = at;
    entry.isWanted = true;
    if (this.#isUp(entry)) this.#ask(entry);
  }

  /**
   * Opens it now; resolves to where it is reached.
   * @throws MeshSimError `usage` where the run has no such port, `service-failed` where it cannot be reached at present
   */
  open(target: LinkTarget): Promise<string> {
    const entry = this.#entryOf(target);
    if (entry.state === 'open') return Promise.resolve(addressOf(entry));
    const unable = (why: string) =>
      new MeshSimError('service-failed', `${linkName(target)} cannot be opened: ${why}.`);
    if (!this.#isUp(entry)) {
      const { service, nodeId } = target;
      return Promise.reject(unable(`${service} is not healthy on ${nodeId} at present`));
    }
    return new Promise((resolve, reject) => {
      const isIt = (link: LinkTarget) => link === entry.target;
      const stop = this.listen({
        onOpened: (link, address) => {
          if (!isIt(link)) return;
          stop();
          resolve(address);
        },
        onRefused: (link, why) => {
          if (!isIt(link)) return;
          stop();
          reject(unable(why));
        },
      });
      this.want(target);
    });
  }

  onService(node: number, service: string, status: ServiceStatus): void {
    const key = keyOf(node, service);
    if (status !== 'healthy') {
      this.#up.delete(key);
      return;
    }
    this.#up.add(key);
    for (const entry of this.#entries) {
      if (entry.isWanted && keyOf(entry.node, entry.target.service) === key) this.#ask(entry);
    }
  }

  onOpened(node: number, { id, at, problem = 'its agent does not say why' }: Opened): void {
    const entry = this.#entries[id];
    if (entry?.node !== node || entry.state !== 'asked') return;
    if (at === undefined) this.#refuse(entry, problem);
    else if (this.#isHere(node)) this.#opened(entry, at);
    else {
      this.#portHere(node, at, entry.at).then(
        (port) => this.#opened(entry, port),
        (error: unknown) => this.#refuse(entry, messageOf(error)),
      );
    }
  }

  #opened(entry: Entry, at: number): void {
    // Its node may have gone down meanwhile.
    if (entry.state !== 'asked') return;
    entry.at = at;
    entry.state = 'open';
    for (const listener of this.#listeners) listener.onOpened(entry.target, addressOf(entry));
  }

  /** The node was killed, or its agent ended: so have its ports. */
  onGone(node: number): void {
    for (const entry of this.#entries) {
      if (entry.node !== node) continue;
      this.#up.delete(keyOf(node, entry.target.service));
      if (entry.state === 'asked') this.#refuse(entry, `${nodeIdOf(node)} went down`);
      entry.state = 'closed';
    }
  }

  #ask(entry: Entry): void {
    if (entry.state !== 'closed') return;
    entry.state = 'asked';
    const { service, port } = entry.target;
    // On its own machine any port will do.
    const at = this.#isHere(entry.node) ? entry.at : 0;
    this.#send(entry.node, { type: 'open-port', id: entry.id, service, port, at });
  }

  #refuse(entry: Entry, why: string): void {
    entry.state = 'closed';
    for (const listener of this.#listeners) listener.onRefused(entry.target, why);
  }

  #isUp({ node, target }: Entry): boolean {
    return this.#up.has(keyOf(node, target.service));
  }

  #entriesOf({ name, ports, health }: LinkedService): Pick<Entry, 'node' | 'target' | 'health'>[] {
    if (isOneShot({ health })) return [];
    return this.#placesOf(name).flatMap((node) =>
      Object.keys(ports).map((port) => ({
        node,
        health,
        target: { service: name, port, nodeId: nodeIdOf(node) },
      })),
    );
  }

  #isHere(node: number): boolean {
    const { hosts, params } = this.#plan;
    return (hostsOfNodes(hosts, params.nodes)[node] ?? LOCAL_HOST) === LOCAL_HOST;
  }

  #placesOf(service: string): number[] {
    return placesOf(this.#plan.placement, service, this.#plan.params.nodes);
  }

  #entryOf(wanted: LinkTarget): Entry {
    const name = linkName(wanted);
    return (
      this.#entries.find(({ target }) => linkName(target) === name) ??
      fail(`${name} cannot be opened: ${this.#whyNone(wanted)}.`)
    );
  }

  #whyNone({ service, port, nodeId }: LinkTarget): string {
    const { nodes } = this.#plan.params;
    const found = this.#services.find(({ name }) => name === service);
    if (found === undefined) {
      const names = this.#services.map(({ name }) => name).join(', ');
      return `the Capsule has no service "${service}", but ${names}`;
    }
    if (isOneShot(found))
      return `${service} is a one-shot service, which ends when its work is done`;
    const ports = Object.keys(found.ports);
    if (!ports.includes(port)) {
      const others = ports.length === 0 ? 'none' : ports.join(', ');
      return `${service} has no port "${port}" in the registry, but ${others}`;
    }
    if (nodeIndexOf(nodeId) >= nodes) {
      return `the run has no node ${nodeId}, but n0 to ${nodeIdOf(nodes - 1)}`;
    }
    return `the plan places ${service} on ${this.#placesOf(service).map(nodeIdOf).join(', ')} only`;
  }
}

function keyOf(node: number, service: string): string {
  return `${service} ${node}`;
}

function addressOf({ health, target, at }: Entry): string {
  return linkAddress(health, target.port, at);
}

function fail(sentence: string): never {
  throw new MeshSimError('usage', sentence);
}

import type { PacketOutlet } from './packetSwitch.ts';

/** What tells one flow of a node from others: its own port, and the other end. */
export interface NodeFlow {
  readonly peer: number;
  /** IANA number. */
  readonly protocol: number;
  readonly ownPort: number;
  readonly peerPort: number;
}

/** Flows of a node that are remembered; beyond that the oldest is forgotten, and belongs to the place that leads. */
const MOST_FLOWS = 65_536;

interface Places {
  readonly outlets: Map<number, PacketOutlet>;
  /** Flow → place. */
  readonly flows: Map<number, number>;
  leads: number;
}

/**
 * Where packets to a node leave the switch. It has one address and one or more places, each a network of its own: a flow belongs to
 * the place that took part in it first, and what is new to the one that leads.
 */
export class NodeOutlets {
  readonly #nodes = new Map<number, Places>();
  /** Some node has had more than one place: until then no flow is looked at, which each packet would pay for. */
  areMany = false;

  /** A relay that dials again replaces its earlier connection. */
  connect(outlet: PacketOutlet): void {
    const { outlets } = this.#placesOf(outlet.node);
    outlets.get(outlet.place)?.close();
    outlets.set(outlet.place, outlet);
    if (outlet.place > 0) this.areMany = true;
  }

  disconnect(outlet: PacketOutlet): void {
    const { outlets } = this.#placesOf(outlet.node);
    if (outlets.get(outlet.place) === outlet) outlets.delete(outlet.place);
  }

  /** New flows to these nodes go to that place of theirs from now on. */
  lead(places: readonly { readonly node: number; readonly place: number }[]): void {
    for (const { node, place } of places) this.#placesOf(node).leads = place;
  }

  /** Nothing in that place answers any more: who comes back by the same ports is new. */
  retire(node: number, place: number): void {
    const { flows } = this.#placesOf(node);
    for (const [flow, owner] of flows) if (owner === place) flows.delete(flow);
  }

  /** A place of the node has sent a packet of that flow: answers go there. */
  sent(node: number, place: number, flow: NodeFlow): void {
    const places = this.#placesOf(node);
    if (places.outlets.size > 1) note(places.flows, keyOf(flow), place);
  }

  of(node: number, place: number): PacketOutlet | undefined {
    return this.#nodes.get(node)?.outlets.get(place);
  }

  /** Where a packet of that flow goes which another node has sent. */
  outletFor(node: number, flow: NodeFlow): PacketOutlet | undefined {
    const { outlets, flows, leads } = this.#placesOf(node);
    if (outlets.size <= 1) return outlets.get(leads) ?? [...outlets.values()][0];
    const key = keyOf(flow);
    const known = outlets.get(flows.get(key) ?? leads);
    if (known?.isUp === true) {
      note(flows, key, known.place);
      return known;
    }
    return outlets.get(leads);
  }

  flush(): void {
    for (const { outlets } of this.#nodes.values()) {
      for (const outlet of outlets.values()) if (outlet.hasPackets) outlet.flush();
    }
  }

  #placesOf(node: number): Places {
    const known = this.#nodes.get(node);
    if (known !== undefined) return known;
    const places: Places = { outlets: new Map(), flows: new Map(), leads: 0 };
    this.#nodes.set(node, places);
    return places;
  }
}

function note(flows: Map<number, number>, key: number, place: number): void {
  if (flows.size >= MOST_FLOWS && !flows.has(key)) {
    const [oldest] = flows.keys();
    if (oldest !== undefined) flows.delete(oldest);
  }
  flows.set(key, place);
}

/** Exact: a run has ten nodes at most. */
function keyOf({ peer, protocol, ownPort, peerPort }: NodeFlow): number {
  return (peer * 2 ** 8 + protocol) * 2 ** 32 + ownPort * 2 ** 16 + peerPort;
}

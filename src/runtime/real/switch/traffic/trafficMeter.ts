import type { MeshEventBody } from '../../../../model/events.ts';
import type { SeenPacket } from '../packetSwitch.ts';
import { ConnectionTable } from './connectionTable.ts';
import { ConnectionTally } from './connectionTally.ts';
import { FlowSums } from './flowSums.ts';
import { TargetNames, type PortName } from './targetNames.ts';

const ICMP = 1;
const TCP = 6;
/** Type of an echo request. */
const ECHO = 8;

export type TrafficEvent = Extract<MeshEventBody, { type: 'traffic' | 'connections' }>;

/** What one packet belongs to. */
interface Side {
  readonly target: number;
  /** 1: it goes to the target, 0: it comes from there. */
  readonly toward: number;
}

/** Sums up the packets between services by flow, and follows their connections: what events tell of them. */
export class TrafficMeter {
  readonly #nodes: number;
  readonly #names: TargetNames;
  readonly #sums: FlowSums;
  readonly #table: ConnectionTable;
  readonly #tally: ConnectionTally;

  /** @param ports of the registry, by the names people know them by */
  constructor(nodes: number, ports: readonly PortName[]) {
    this.#nodes = nodes;
    this.#names = new TargetNames(ports);
    this.#sums = new FlowSums(this.#names);
    this.#tally = new ConnectionTally(this.#names);
    this.#table = new ConnectionTable(nodes, ({ client, server, port }, status, at, rttMs) => {
      const target = this.#names.numberOf(TCP, port);
      this.#tally.add(client * nodes + server, target, status, at, rttMs);
    });
  }

  /** Takes in a packet whose fate is known. */
  see(seen: SeenPacket): void {
    const { target, toward } = this.#sideOf(seen);
    this.#sums.add(seen.from * this.#nodes + seen.to, target, toward, seen);
  }

  /** What was seen since the last call. @param now ms since the run began */
  take(now: number): TrafficEvent[] {
    this.#table.lookForSilence(now);
    const traffic = this.#sums.take(now);
    const connections = this.#tally.take(this.#table.takeUnfollowed());
    return [
      ...(traffic === null ? [] : [{ type: 'traffic' as const, traffic }]),
      ...(connections === null ? [] : [{ type: 'connections' as const, connections }]),
    ];
  }

  /** All there is left to tell, at the end. */
  takeRest(now: number): TrafficEvent[] {
    const events = this.take(now);
    while (!this.#tally.isEmpty) events.push(...this.take(now));
    return events;
  }

  #sideOf(seen: SeenPacket): Side {
    const { protocol, sourcePort, targetPort } = seen;
    if (protocol === ICMP) {
      return {
        target: this.#names.numberOf(protocol, 0),
        toward: sourcePort >>> 8 === ECHO ? 1 : 0,
      };
    }
    // A fragment shows no ports, and no flags.
    const isWhole = sourcePort !== 0 && targetPort !== 0;
    const connection = protocol === TCP && isWhole ? this.#table.see(seen) : undefined;
    if (connection !== undefined) {
      const target = this.#names.numberOf(protocol, connection.port);
      return { target, toward: seen.from === connection.client ? 1 : 0 };
    }
    const isToward = this.#names.isKnown(targetPort)
      ? true
      : !this.#names.isKnown(sourcePort) && targetPort <= sourcePort;
    const port = isToward ? targetPort : sourcePort;
    return { target: this.#names.numberOf(protocol, port), toward: isToward ? 1 : 0 };
  }
}

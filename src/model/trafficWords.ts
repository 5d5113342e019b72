import { megabytes } from '../base/quantity.ts';
import type { RunEnvironment, StatedNetwork } from './evidence.ts';
import type { ServiceTraffic } from './serviceTraffic.ts';

interface StatedTraffic {
  readonly network: StatedNetwork;
  readonly environment: RunEnvironment;
}

/** What services of different nodes said to each other, in one line; undefined: evidence says nothing of it. */
export function trafficWords({ network, environment }: StatedTraffic): string | undefined {
  const traffic = 'services' in network ? network.services : undefined;
  if (traffic === undefined) return undefined;
  const { sent, bytes, lost, queueDropped, unreachable } = traffic;
  const { kernel, tcp } = environment;
  const over =
    kernel === undefined ? '' : ` (TCP ${tcp?.congestionControl ?? ''}, kernel ${kernel})`;
  return `${sent} packets, ${megabytes(bytes)}${over}: ${lost} lost, ${queueDropped} before a full queue, ${unreachable} unreachable${droppedWords(traffic)}`;
}

function droppedWords({ refused, uncontrolled }: ServiceTraffic): string {
  const { forgedSource, foreignDestination, unreadable } = refused;
  const strange = forgedSource + foreignDestination + unreadable;
  const machine =
    uncontrolled === null
      ? '; what the machine dropped could not be looked at'
      : `; ${uncontrolled} dropped by the machine`;
  return `${strange === 0 ? '' : `, ${strange} forged or to strangers`}${machine}`;
}

import { createHash } from 'node:crypto';
import type { ServiceTraffic } from '../../model/serviceTraffic.ts';
import type { LinkVariants } from '../../network/linkVariants.ts';
import { isImpossible } from './losses.ts';
import type { PlannedRun } from './plannedRun.ts';
import type { Claims, Rule } from './rule.ts';

/** Of an IPv4 header without options, and of the longest packet. */
const LEAST_PACKET_BYTES = 20;
const MOST_PACKET_BYTES = 65_535;

/** Of no decision at all. */
const NO_DECISIONS = createHash('sha256').digest('hex');

function trafficOf({ network }: Claims['evidence']): ServiceTraffic | undefined {
  return 'services' in network ? network.services : undefined;
}

/** Packets of services cross the network of a real run on Linux, where nodes have at least a network of their own. */
export const servicesHaveAWire: Rule = function* ({ evidence, plan }) {
  const { environment } = evidence;
  const { fidelity, kernel, tcp, os } = environment;
  const traffic = trafficOf(evidence);
  if (traffic !== undefined && (plan.world === 'virtual' || os !== 'linux')) {
    yield 'It counts packets of services, which only real runs on Linux have.';
  }
  const isWired = fidelity === 'kernel';
  if (isWired && (traffic === undefined || kernel === undefined || tcp === undefined)) {
    yield 'Its network is said to be "kernel", but it does not say what packets of services, which kernel and which TCP there were.';
  }
  if (!isWired && (kernel !== undefined || tcp !== undefined)) {
    yield `It names a kernel or its TCP, but its network is said to be "${fidelity}".`;
  }
  if (isWired && (environment.isolation ?? 'none') === 'none') {
    yield 'Its network is said to be "kernel", which takes nodes with a network of their own, but it names none.';
  }
  const asked = plan.tcp?.congestionControl;
  if (isWired && asked !== undefined && tcp?.congestionControl !== asked) {
    yield `Its plan asks for the congestion control "${asked}", but it had "${tcp?.congestionControl ?? ''}".`;
  }
};

/** Every packet was delivered, died or was still under way at the end. */
export const servicePacketsAddUp: Rule = function* ({ evidence, planned }) {
  const traffic = trafficOf(evidence);
  if (traffic === undefined) return;
  const { sent, bytes, delivered, lost, queueDropped, unreachable, decisionsDigest } = traffic;
  const mayDouble = planned === undefined || variantsOf(planned).some((link) => link.mayDouble);
  const ended = delivered + lost + queueDropped + unreachable;
  if (ended > (mayDouble ? 2 * sent : sent)) {
    yield `Services sent ${sent} packets, of which ${ended} ended.`;
  }
  if (bytes < sent * LEAST_PACKET_BYTES || bytes > sent * MOST_PACKET_BYTES) {
    yield `Services sent ${sent} packets of ${bytes} bytes together, which no IPv4 packets have.`;
  }
  if (sent === 0 && decisionsDigest !== NO_DECISIONS) {
    yield 'Services sent nothing, but it has decisions about what they sent.';
  }
};

/** As many were lost as the loss of the plan's links can lead to, whichever of them they took. */
export const serviceLossesAreThePlans: Rule = function* ({ evidence, planned }) {
  const traffic = trafficOf(evidence);
  if (traffic === undefined || planned === undefined) return;
  const links = variantsOf(planned);
  const { sent, lost, queueDropped, unreachable } = traffic;
  const tries = Math.max(0, sent - unreachable - queueDropped);
  const least = Math.min(...links.map(({ leastLoss }) => leastLoss));
  const most = Math.max(...links.map(({ mostLost }) => mostLost));
  const tooFew = lost < least * tries && isImpossible(lost, tries, least);
  const tooMany = lost > most * sent && lost <= sent && isImpossible(lost, sent, most);
  if (tooFew || tooMany) {
    yield `Services lost ${lost} of ${sent} packets, which the plan's loss cannot lead to.`;
  }
  if (queueDropped > 0 && !planned.table.paced) {
    yield `${queueDropped} packets of services came to a full queue, but no link of the plan has a rate.`;
  }
};

function variantsOf({ table, variantsOf: of }: PlannedRun): LinkVariants[] {
  return Array.from({ length: table.nodes }, (_, from) =>
    table.neighboursOf(from).flatMap((to) => of(from, to) ?? []),
  ).flat();
}

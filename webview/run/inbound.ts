import type { InboundPackets } from '../draw/sparkline.ts';
import { DELIVERED } from './linkStatistics.ts';
import type { PacketStore } from './packetStore.ts';

/** The packets that reached each node, by its index. */
export function inboundPackets(packets: PacketStore, nodes: number): InboundPackets[] {
  const inbound = Array.from({ length: nodes }, () => ({
    arrived: [] as number[],
    latency: [] as number[],
  }));
  for (let number = packets.first; number < packets.total; number += 1) {
    const at = packets.at(number);
    if (packets.outcome[at] !== DELIVERED) continue;
    const node = inbound[packets.to(at)];
    const arrived = packets.arrived[at] ?? 0;
    node?.arrived.push(arrived);
    node?.latency.push(arrived - (packets.sent[at] ?? 0));
  }
  return inbound;
}

/** Nearest rank; undefined without a value. */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

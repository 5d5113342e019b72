import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { PacketBatch } from '../../src/model/events.ts';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import { SwitchProcess } from '../../src/runtime/real/switchProcess.ts';
import type { PeerAnswer, PeerRequest } from './children/meshPeer.ts';
import { BenchChild } from './childProcess.ts';

type Peer = BenchChild<PeerRequest, PeerAnswer>;

/** The product's emulator, with two agent-like programs connected to it. */
export interface EmulatedPair {
  readonly sender: Peer;
  readonly receiver: Peer;
  stop(): Promise<void>;
}

export async function emulatedPair(options: {
  readonly dist: string;
  readonly plan: Pick<PlanInput, 'params' | 'topology'>;
  readonly onPackets: (packets: PacketBatch) => void;
}): Promise<EmulatedPair> {
  const origin = systemClock.monotonic();
  const emulator = new SwitchProcess({
    entry: path.join(options.dist, 'switch.cjs'),
    plan: planSchema.parse({ capsuleHash: '0'.repeat(64), ...options.plan }),
    origin,
    onPackets: options.onPackets,
    onFailure: (error) => {
      throw error;
    },
  });
  const port = await emulator.listening();
  const join = async (index: number): Promise<Peer> => {
    const peer: Peer = new BenchChild('meshPeer.ts');
    await peer.ask({ type: 'join', index, port, token: emulator.tokenOf(index), origin });
    return peer;
  };
  const [sender, receiver] = await Promise.all([join(0), join(1)]);
  return {
    sender,
    receiver,
    stop: async () => {
      await Promise.all([sender.stop(), receiver.stop()]);
      await emulator.stop();
    },
  };
}

import { BenchChild } from '../childProcess.ts';
import type { RawAnswer, RawRequest } from '../children/rawPeer.ts';
import { emulatedPair, type EmulatedPair } from '../emulatedPair.ts';
import { atLeast, atMost, type FigureInput } from '../figure.ts';
import { cpuMs, interleave, spreadOf } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const MIB = 1024 * 1024;
/** A chunk of average size, and a message as the protocol's small ones with the content of a packet. */
const CHUNK_BYTES = 64 * 1024;
const SMALL_BYTES = 1_200;
/** Frames on the way at a time: enough that nobody waits for an answer. */
const CHUNK_WINDOW = 64;
const SMALL_WINDOW = 4_096;

interface Transfer {
  readonly wallMs: number;
  /** CPU time of the emulator's process; 0 without one. */
  readonly emulatorMs: number;
  /** CPU time of all processes. */
  readonly totalMs: number;
}

async function emulated(
  { sender, receiver }: EmulatedPair,
  load: { frames: number; bytes: number; window: number },
): Promise<Transfer> {
  const cpu = cpuMs();
  const sent = await sender.ask({ type: 'blast', ...load });
  const emulatorMs = cpuMs() - cpu;
  const taken = await receiver.ask({ type: 'take' });
  return { wallMs: sent.wallMs, emulatorMs, totalMs: emulatorMs + sent.cpuMs + taken.cpuMs };
}

type RawPeer = BenchChild<RawRequest, RawAnswer>;

async function raw(
  { sender, receiver, port }: { sender: RawPeer; receiver: RawPeer; port: number },
  load: { frames: number; bytes: number },
): Promise<Transfer> {
  const sent = await sender.ask({ type: 'send', port, writes: load.frames, bytes: load.bytes });
  const taken = await receiver.ask({ type: 'take' });
  return { wallMs: sent.wallMs, emulatorMs: 0, totalMs: sent.cpuMs + taken.cpuMs };
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { quick, meter, dist } = context;
  // Multiples of what the receiver acknowledges at a time, so that the last frame is acknowledged at once.
  const chunks = { frames: quick ? 512 : 8_192, bytes: CHUNK_BYTES, window: CHUNK_WINDOW };
  const small = { frames: quick ? 20_000 : 200_000, bytes: SMALL_BYTES, window: SMALL_WINDOW };
  const pair = await emulatedPair({
    dist,
    plan: { params: { nodes: 2, latencyMs: [0, 0] } },
    onPackets: () => undefined,
  });
  const [sender, receiver]: [RawPeer, RawPeer] = [
    new BenchChild('rawPeer.ts'),
    new BenchChild('rawPeer.ts'),
  ];
  try {
    const { port } = await receiver.ask({ type: 'listen' });
    const rawPair = { sender, receiver, port };
    const rounds = await interleave(
      {
        chunks: () => emulated(pair, chunks),
        rawChunks: () => raw(rawPair, chunks),
        small: () => emulated(pair, small),
        rawSmall: () => raw(rawPair, small),
      },
      { rounds: roundsOf(context), meter },
    );
    const speed = ({ wallMs }: Transfer) => (chunks.frames * CHUNK_BYTES) / MIB / (wallMs / 1000);
    return [
      {
        name: 'emulated link against raw TCP, bulk',
        unit: '×',
        spread: spreadOf(rounds, (r) => r.rawChunks.wallMs / r.chunks.wallMs),
        target: atLeast(0.5),
        note: 'client → emulator → client, three processes on the same cores as two for raw TCP; frames of 64 KiB',
      },
      {
        name: 'emulated link, bulk',
        unit: 'MiB/s',
        spread: spreadOf(rounds, (r) => speed(r.chunks)),
      },
      {
        name: 'raw TCP, bulk',
        unit: 'MiB/s',
        spread: spreadOf(rounds, (r) => speed(r.rawChunks)),
      },
      {
        name: 'emulator, CPU per small frame',
        unit: 'µs',
        spread: spreadOf(rounds, (r) => (r.small.emulatorMs * 1000) / small.frames),
        target: atMost(3),
        note: `${SMALL_BYTES} B; includes decision, packet record and every 16th frame's acknowledgement`,
      },
      {
        name: 'emulator, CPU per frame of 64 KiB',
        unit: 'µs',
        spread: spreadOf(rounds, (r) => (r.chunks.emulatorMs * 1000) / chunks.frames),
      },
      {
        name: 'all three processes, CPU per small frame',
        unit: 'µs',
        spread: spreadOf(rounds, (r) => (r.small.totalMs * 1000) / small.frames),
      },
      {
        name: 'raw TCP, both processes, CPU per write of a small frame',
        unit: 'µs',
        spread: spreadOf(rounds, (r) => (r.rawSmall.totalMs * 1000) / small.frames),
      },
      {
        name: 'emulated link, small frames',
        unit: 'k frames/s',
        spread: spreadOf(rounds, (r) => small.frames / r.small.wallMs),
      },
    ];
  } finally {
    await Promise.all([sender.stop(), receiver.stop(), pair.stop()]);
  }
}

export const suite: Suite = { title: 'emulated link throughput', run };

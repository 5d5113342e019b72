import path from 'node:path';
import { drawUnit } from '../../../src/base/random.ts';
import { systemClock } from '../../../src/base/clock.ts';
import type { PacketBatch } from '../../../src/model/events.ts';
import { CHUNK_FLOW } from '../../../src/mesh/flows.ts';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import { Alarm } from '../../../src/runtime/real/switch/alarm.ts';
import { emulatedPair, type EmulatedPair } from '../emulatedPair.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { cpuMs, interleave, spreadOf, wallMs } from '../measure.ts';
import { ascending, quantileOf } from '../quantiles.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const LATENCY_MS: [number, number] = [20, 60];
const FRAMES_PER_SECOND = 1_000;
const FRAME_BYTES = 1_200;
/** After the last frame was sent: until the slowest has arrived and its batch was posted. */
const GRACE_MS = LATENCY_MS[1] + 150;
/** Packets carry times of whole µs: two roundings may make one look early. */
const ROUNDING_MS = 0.002;

interface Lateness {
  /** Ascending, ms: negative is early. */
  readonly sorted: Float64Array;
  /** CPU time of emulator, alarm and orchestrator as a share of one core. */
  readonly cpuShare: number;
}

async function measured(work: () => Promise<Iterable<number>>): Promise<Lateness> {
  const cpu = cpuMs();
  const wall = wallMs();
  const values = await work();
  return { cpuShare: (cpuMs() - cpu) / (wallMs() - wall), sorted: ascending(values) };
}

/** The alarm thread by itself: nothing but deadlines, as far apart as the frames are. */
async function alarmFloor(dist: string, alarms: number): Promise<number[]> {
  const lateness: number[] = [];
  let deadline = 0;
  let resolve: () => void = () => undefined;
  const done = new Promise<void>((settle) => (resolve = settle));
  const arm = () => {
    const gap = (2_000 / FRAMES_PER_SECOND) * drawUnit(5, lateness.length);
    deadline = systemClock.monotonic() + gap;
    alarm.arm(deadline);
  };
  const alarm = new Alarm(path.join(dist, 'switch.cjs'), () => {
    lateness.push(systemClock.monotonic() - deadline);
    if (lateness.length < alarms) arm();
    else resolve();
  });
  // The first one waits for the thread to start; it is not counted.
  arm();
  await done;
  await alarm.stop();
  return lateness.slice(1);
}

const DELIVERED = OUTCOMES.indexOf('delivered');

function latenessIn(batch: PacketBatch): number[] {
  return batch.sent.flatMap((sent, at) => {
    if (batch.flow[at] !== CHUNK_FLOW.index || batch.outcome[at] !== DELIVERED) return [];
    return [(batch.arrived[at] ?? 0) - sent - (batch.configured[at] ?? 0)];
  });
}

async function frames(pair: EmulatedPair, batches: PacketBatch[], count: number) {
  batches.length = 0;
  await pair.sender.ask({
    type: 'stream',
    frames: count,
    bytes: FRAME_BYTES,
    perSecond: FRAMES_PER_SECOND,
    graceMs: GRACE_MS,
  });
  await pair.receiver.ask({ type: 'take' });
  const lateness = batches.flatMap(latenessIn);
  if (lateness.length !== count) throw new Error(`${lateness.length} of ${count} frames arrived.`);
  return lateness;
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { quick, meter, dist } = context;
  const count = quick ? 500 : 3_000;
  const batches: PacketBatch[] = [];
  const pair = await emulatedPair({
    dist,
    plan: { params: { nodes: 2, latencyMs: LATENCY_MS } },
    onPackets: (batch) => batches.push(batch),
  });
  try {
    const rounds = await interleave(
      {
        emulator: () => measured(() => frames(pair, batches, count)),
        alarm: () => measured(() => alarmFloor(dist, count)),
      },
      { rounds: roundsOf(context), meter },
    );
    const p = (share: number) => (one: Lateness) => quantileOf(one.sorted, share);
    const early = ({ sorted }: Lateness) =>
      (100 * sorted.filter((value) => value < -ROUNDING_MS).length) / sorted.length;
    return [
      {
        name: 'delay error, p50',
        unit: 'ms',
        spread: spreadOf(rounds, ({ emulator }) => p(0.5)(emulator)),
        target: atMost(0.25),
        note: `handed over minus due, ${FRAMES_PER_SECOND} frames of ${FRAME_BYTES} B per second, delays of ${LATENCY_MS.join('–')} ms`,
      },
      {
        name: 'delay error, p90',
        unit: 'ms',
        spread: spreadOf(rounds, ({ emulator }) => p(0.9)(emulator)),
      },
      {
        name: 'delay error, p99',
        unit: 'ms',
        spread: spreadOf(rounds, ({ emulator }) => p(0.99)(emulator)),
      },
      {
        name: 'frames handed over early',
        unit: '%',
        spread: spreadOf(rounds, ({ emulator }) => early(emulator)),
        target: atMost(0),
      },
      {
        name: "p99 against the alarm thread's own",
        unit: '×',
        spread: spreadOf(rounds, ({ emulator, alarm }) => p(0.99)(emulator) / p(0.99)(alarm)),
        target: atMost(2),
      },
      {
        name: 'alarm thread alone, p50',
        unit: 'ms',
        spread: spreadOf(rounds, ({ alarm }) => p(0.5)(alarm)),
      },
      {
        name: 'alarm thread alone, p99',
        unit: 'ms',
        spread: spreadOf(rounds, ({ alarm }) => p(0.99)(alarm)),
      },
      {
        name: 'CPU of the emulator',
        unit: '% of a core',
        spread: spreadOf(rounds, ({ emulator }) => emulator.cpuShare * 100),
      },
    ];
  } finally {
    await pair.stop();
  }
}

export const suite: Suite = { title: 'emulated delay', run };

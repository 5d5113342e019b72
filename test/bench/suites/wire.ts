import { atLeast, atMost, within, type FigureInput } from '../figure.ts';
import { interleave, spreadOf, type Round } from '../measure.ts';
import { ascending, quantileOf } from '../quantiles.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';
import { WirePair, type Carriage } from '../wirePair.ts';

const RTT_MS = 40;
const latencyMs: [number, number] = [RTT_MS / 2, RTT_MS / 2];
const CONNECTIONS = 8;
const BULK_BYTES = 2 * 1024 * 1024;
const RATE_MBPS = 100;

/** Kernel TCP over a TUN device and a loss of the same kind, without this emulator; see docs/benchmarks.md. */
const TRUTH = [
  { loss: 0, p50: 40.7 },
  { loss: 1, mean: 50.4, p99: 295 },
  { loss: 5, mean: 74.8, p95: 300, p99: 535 },
] as const;

function p(share: number, values: readonly number[]): number {
  return quantileOf(ascending(values), share);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function roundTrips(context: BenchContext): Promise<FigureInput[]> {
  const pair = await WirePair.open({ params: { nodes: 2, latencyMs } });
  try {
    const rounds = await interleave(
      { wire: () => pair.measure('pings', context.quick ? 50 : 400) },
      { rounds: roundsOf(context, 5), meter: context.meter },
    );
    const error = (share: number) =>
      spreadOf(rounds, ({ wire }: { wire: number[] }) => p(share, wire) - RTT_MS);
    return [
      {
        name: `round trip of ${RTT_MS} ms, error p50`,
        unit: 'ms',
        spread: error(0.5),
        target: atMost(1.5),
        note: 'datagrams between programs in two boxes: two kernels’ sockets, four relays’ turns and the emulator',
      },
      { name: `round trip of ${RTT_MS} ms, error p99`, unit: 'ms', spread: error(0.99) },
      {
        name: 'round trips that were early',
        unit: '%',
        spread: spreadOf(
          rounds,
          ({ wire }: { wire: number[] }) =>
            (100 * wire.filter((ms) => ms < RTT_MS).length) / wire.length,
        ),
        target: atMost(0),
      },
    ];
  } finally {
    await pair.close();
  }
}

interface Sample {
  readonly calls: number[];
  readonly bulk: number[];
}

/** RPCs and bulk at a loss, beside what kernel TCP does on a link like that. */
async function atLoss(
  context: BenchContext,
  { loss, ...truth }: (typeof TRUTH)[number],
): Promise<FigureInput[]> {
  const pair = await WirePair.open({ params: { nodes: 2, latencyMs, packetLoss: loss } });
  try {
    const each = context.quick ? 10 : 250;
    const rounds = await interleave<'wire', Sample>(
      {
        wire: async () => ({
          calls: await pair.measure('calls', CONNECTIONS, each),
          bulk: await pair.measure('bulk', BULK_BYTES, context.quick ? 1 : 5),
        }),
      },
      { rounds: roundsOf(context, 3), meter: context.meter, warmUps: 0 },
    );
    const of = (value: (sample: Sample) => number) => spreadOf(rounds, ({ wire }) => value(wire));
    const beside = (
      name: 'mean' | 'p50' | 'p95' | 'p99',
      value: (calls: readonly number[]) => number,
    ) => {
      const known = name in truth ? (truth as Partial<Record<string, number>>)[name] : undefined;
      return {
        name: `RPC at ${loss} % loss, ${name}`,
        unit: 'ms',
        spread: of(({ calls }) => value(calls)),
        ...(known === undefined
          ? {}
          : {
              target: within(known * 0.85, known * 1.15),
              note: `kernel TCP by itself: ${known} ms`,
            }),
      };
    };
    return [
      beside('mean', mean),
      beside('p50', (calls) => p(0.5, calls)),
      beside('p95', (calls) => p(0.95, calls)),
      beside('p99', (calls) => p(0.99, calls)),
      {
        name: `2 MiB at ${loss} % loss`,
        unit: 's',
        spread: of(({ bulk }) => p(0.5, bulk) / 1_000),
        note: `from connect to the last byte; congestion control ${pair.congestionControl}`,
      },
    ];
  } finally {
    await pair.close();
  }
}

interface Flow extends Carriage {
  readonly mbps: number;
}

async function flow(pair: WirePair, bytes: number): Promise<Flow> {
  let ms = NaN;
  const carried = await pair.carriage(async () => {
    [ms = NaN] = await pair.measure('bulk', bytes, 1);
  });
  return { ...carried, mbps: (bytes * 8) / (ms * 1_000) };
}

async function throughput(context: BenchContext): Promise<FigureInput[]> {
  const { quick, meter } = context;
  const params = { nodes: 2, latencyMs: [0, 0] as [number, number] };
  const free = await WirePair.open({ params });
  const python = await WirePair.open({ params }, 'python3').catch(() => undefined);
  const held = await WirePair.open({
    params: { nodes: 2, latencyMs: [5, 5] },
    bandwidth: { model: 'link', mbps: RATE_MBPS },
  });
  try {
    const bytes = (quick ? 8 : 128) * 1024 * 1024;
    const rounds = await interleave<'free' | 'python' | 'held', Flow>(
      {
        free: () => flow(free, bytes),
        python: () => flow(python ?? free, bytes / 4),
        held: () => flow(held, bytes / 4),
      },
      { rounds: roundsOf(context, 5), meter },
    );
    const of = (value: (round: Round<'free' | 'python' | 'held', Flow>['results']) => number) =>
      spreadOf(rounds, value);
    const relay = ({ relaysMs, packets }: Carriage) => (1_000 * relaysMs) / (2 * packets);
    const emulator = ({ switchMs, packets }: Carriage) => (1_000 * switchMs) / packets;
    return [
      { name: 'TCP without a rate', unit: 'Mbit/s', spread: of(({ free: one }) => one.mbps) },
      {
        name: `TCP at ${RATE_MBPS} Mbit/s, share of the rate`,
        unit: '×',
        spread: of(({ held: one }) => one.mbps / RATE_MBPS),
        target: atLeast(0.9),
        note: 'content alone: headers take 3.5 % of the rate',
      },
      {
        name: 'relay in Perl, CPU per packet',
        unit: 'µs',
        spread: of(({ free: one }) => relay(one)),
        target: atMost(10),
        note: 'without a rate; two of three packets have 1,500 bytes, the others are acknowledgements',
      },
      ...(python === undefined
        ? []
        : [
            {
              name: 'relay in Python, CPU per packet',
              unit: 'µs',
              spread: of(({ python: one }) => relay(one)),
            },
          ]),
      {
        name: 'emulator, CPU per packet',
        unit: 'µs',
        spread: of(({ free: one }) => emulator(one)),
        target: atMost(5),
        note: 'all threads of the emulator: switch, alarm, and what V8 does beside them',
      },
      {
        name: `emulator, CPU per packet at ${RATE_MBPS} Mbit/s`,
        unit: 'µs',
        spread: of(({ held: one }) => emulator(one)),
      },
    ];
  } finally {
    for (const pair of [free, python, held]) await pair?.close();
  }
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const figures = await roundTrips(context);
  for (const truth of TRUTH) figures.push(...(await atLoss(context, truth)));
  return [...figures, ...(await throughput(context))];
}

export const suite: Suite = { title: 'the wire', run };

import { atLeast, single, type FigureInput } from '../figure.ts';
import { interleave, spreadOf } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';
import { rollOutVirtually } from '../virtualWorld.ts';

const CHUNK_BYTES = 64 * 1024;

interface Scale {
  readonly nodes: number;
  readonly chunks: number;
  /** Millions of events per CPU-second. */
  readonly target: number;
}

/** Fewer chunks where there are more nodes: each run takes a few seconds at most. */
const FULL = {
  thousand: { nodes: 1_000, chunks: 128, target: 2 },
  tenThousand: { nodes: 10_000, chunks: 16, target: 1 },
  hundredThousand: { nodes: 100_000, chunks: 4, target: 0.7 },
};
const QUICK: typeof FULL = {
  thousand: { ...FULL.thousand, chunks: 16 },
  tenThousand: { ...FULL.tenThousand, chunks: 4 },
  hundredThousand: { ...FULL.hundredThousand, nodes: 20_000, chunks: 2 },
};
type ScaleName = keyof typeof FULL;

interface Pace {
  readonly eventsPerSecond: number;
  readonly traceHash: string;
}

function runAt({ nodes, chunks }: Scale): () => Promise<Pace> {
  const sizes = new Array<number>(chunks).fill(CHUNK_BYTES);
  return async () => {
    const { summary } = await rollOutVirtually(
      { params: { nodes, latencyMs: [20, 60], packetLoss: 1 }, deadlineMs: 600_000, seed: 5 },
      sizes,
    );
    if (summary.ready !== nodes) throw new Error(`${summary.ready} of ${nodes} became ready.`);
    return {
      eventsPerSecond: (summary.events / summary.cpuMs) * 1000,
      traceHash: summary.traceHash,
    };
  };
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const scales = context.quick ? QUICK : FULL;
  const names = Object.keys(scales) as ScaleName[];
  const rounds = await interleave(
    {
      thousand: runAt(scales.thousand),
      tenThousand: runAt(scales.tenThousand),
      hundredThousand: runAt(scales.hundredThousand),
    },
    { rounds: roundsOf(context, 3), meter: context.meter },
  );
  const hashesOf = (name: ScaleName) =>
    new Set(rounds.map(({ results }) => results[name].traceHash));
  const isStable = names.every((name) => hashesOf(name).size === 1);
  return [
    ...names.map((name): FigureInput => {
      const { nodes, chunks, target } = scales[name];
      return {
        name: `virtual time at ${nodes} nodes`,
        unit: 'M events per CPU-s',
        spread: spreadOf(rounds, (results) => results[name].eventsPerSecond / 1e6),
        target: atLeast(target),
        note: `${chunks} chunks, 20–60 ms, 1 % loss; trace ${[...hashesOf(name)].map((hash) => hash.slice(0, 16)).join(' ')}`,
      };
    }),
    {
      name: 'equal trace hash in every round',
      unit: 'of 1',
      spread: single(isStable ? 1 : 0),
      target: atLeast(1),
      note: 'the traces above are to be compared between machines, systems and versions of Node',
    },
  ];
}

export const suite: Suite = { title: 'virtual time', run };

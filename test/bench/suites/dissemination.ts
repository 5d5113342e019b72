import { distinctChunks } from '../../../src/model/capsule.ts';
import type { NetworkReport } from '../../../src/model/evidence.ts';
import type { RunObservation } from '../../../src/model/observation.ts';
import { rehearse } from '../../support/realRun.ts';
import type { TinyProduct } from '../../support/tinyProduct.ts';
import { within, type FigureInput } from '../figure.ts';
import { interleave, spreadOf, type Round } from '../measure.ts';
import { rolloutProduct } from '../rolloutProduct.ts';
import { scenarioOf, virtualScenarios, type Scenario } from '../scenarios.ts';
import type { BenchContext, Suite } from '../suite.ts';
import { chunkSizesOf, rollOutVirtually } from '../virtualWorld.ts';

const FIRST_SEED = 609;

/** Time in virtual runs does not depend on the machine: their rounds are seeds, and they are never noisy. */
function quiet<K extends string, T>(results: readonly Record<K, T>[]): Round<K, T>[] {
  const noise = { noisy: false, spinRatio: 1, foreignShare: 0, stealShare: 0 };
  return results.map((result) => ({ results: result, noise }));
}

function completed({ network, cause }: RunObservation): NetworkReport {
  if (network.disseminationMs > 0) return network;
  throw new Error(`A rollout was not completed: ${cause ?? 'no cause was given'}`);
}

const overBound = ({ disseminationMs, lowerBoundMs }: NetworkReport) =>
  disseminationMs / lowerBoundMs;

function boundNote({ lowerBoundMs, bandwidthModel }: NetworkReport): string {
  return `bound ${Math.round(lowerBoundMs)} ms, model ${bandwidthModel}`;
}

async function virtually(scenario: Scenario, seed: number, sizes: readonly number[]) {
  const { observation } = await rollOutVirtually({ ...scenario.plan, seed }, sizes);
  return completed(observation);
}

async function virtualFigures(context: BenchContext): Promise<FigureInput[]> {
  const figures: FigureInput[] = [];
  const sizes = new Map<number, number[]>();
  for (const scenario of virtualScenarios(context.quick)) {
    const chunks = sizes.get(scenario.bytes) ?? chunkSizesOf(scenario.bytes);
    sizes.set(scenario.bytes, chunks);
    const reports: { run: NetworkReport }[] = [];
    for (let round = 0; round < (context.quick ? 2 : 5); round += 1) {
      reports.push({ run: await virtually(scenario, FIRST_SEED + round, chunks) });
    }
    const [first] = reports;
    figures.push({
      name: `virtual, ${scenario.name}`,
      unit: '× bound',
      spread: spreadOf(quiet(reports), ({ run }) => overBound(run)),
      ...(scenario.target === undefined ? {} : { target: scenario.target }),
      ...(first === undefined ? {} : { note: boundNote(first.run) }),
    });
  }
  return figures;
}

async function really(product: TinyProduct, scenario: Scenario, seed: number) {
  const { observation } = await rehearse(product, { ...scenario.plan, seed });
  return completed(observation);
}

/** The same plan in both worlds; each round has a seed of its own. */
async function bothWorlds(
  context: BenchContext,
  scenario: Scenario,
  rounds: number,
): Promise<Round<'real' | 'virtual', NetworkReport>[]> {
  const product = await rolloutProduct(scenario.bytes);
  const sizes = distinctChunks(product.capsule.manifest).map(({ size }) => size);
  const manifestBytes = product.capsule.bytes.length;
  const seeds = { real: FIRST_SEED, virtual: FIRST_SEED };
  try {
    return await interleave(
      {
        real: () => really(product, scenario, (seeds.real += 1)),
        virtual: async () => {
          const plan = { ...scenario.plan, seed: (seeds.virtual += 1) };
          return completed((await rollOutVirtually(plan, sizes, manifestBytes)).observation);
        },
      },
      { rounds, meter: context.meter, warmUps: 0 },
    );
  } finally {
    await product.dispose();
  }
}

interface RealChoice {
  readonly scenario: Scenario;
  readonly rounds: number;
  /** Real against virtual is judged only where delays are long enough to outweigh the processes' own time. */
  readonly isJudged: boolean;
}

function realChoices(quick: boolean): RealChoice[] {
  const uplink = { model: 'uplink', mbps: 100 } as const;
  const slow = scenarioOf({ mib: 2, latencyMs: [50, 150], loss: 0 });
  const lossy = scenarioOf({ mib: 2, latencyMs: [50, 150], loss: 5 });
  if (quick) return [{ scenario: slow, rounds: 1, isJudged: true }];
  const mib16 = { mib: 16, latencyMs: [20, 60] as [number, number] };
  return [
    { scenario: slow, rounds: 5, isJudged: true },
    { scenario: lossy, rounds: 5, isJudged: true },
    { scenario: scenarioOf({ ...mib16, loss: 1 }), rounds: 3, isJudged: false },
    { scenario: scenarioOf({ ...mib16, loss: 0, bandwidth: uplink }), rounds: 3, isJudged: false },
    { scenario: scenarioOf({ ...mib16, loss: 1, bandwidth: uplink }), rounds: 3, isJudged: false },
    {
      scenario: scenarioOf({ mib: 64, latencyMs: [20, 60], loss: 1, bandwidth: uplink }),
      rounds: 1,
      isJudged: false,
    },
  ];
}

async function realFigures(context: BenchContext): Promise<FigureInput[]> {
  const figures: FigureInput[] = [];
  for (const { scenario, rounds: count, isJudged } of realChoices(context.quick)) {
    const rounds = await bothWorlds(context, scenario, count);
    const first = rounds[0]?.results.real;
    const note = first === undefined ? '' : boundNote(first);
    figures.push(
      {
        name: `real, ${scenario.name}`,
        unit: '× bound',
        spread: spreadOf(rounds, ({ real }) => overBound(real)),
        note,
      },
      {
        name: `real, ${scenario.name}: time`,
        unit: 'ms',
        spread: spreadOf(rounds, ({ real }) => real.disseminationMs),
      },
      {
        name: `real against virtual, ${scenario.name}`,
        unit: '×',
        spread: spreadOf(rounds, (r) => r.real.disseminationMs / r.virtual.disseminationMs),
        ...(isJudged ? { target: within(0.97, 1.03) } : {}),
      },
    );
  }
  return figures;
}

export const suite: Suite = {
  title: 'dissemination against the computed bound',
  run: async (context) => [...(await virtualFigures(context)), ...(await realFigures(context))],
};

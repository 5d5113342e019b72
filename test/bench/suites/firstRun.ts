import { machineHas } from '../../../src/runtime/real/machineLook.ts';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import type { ForeignProduct } from '../../support/onramp/foreignProduct.ts';
import { foreignRepository } from '../../support/onramp/foreignRepository.ts';
import { PRODUCTS, THREE_FOLDERS, THREE_SERVICES } from '../../support/onramp/products.ts';
import { atLeast, atMost, single, type FigureInput } from '../figure.ts';
import { interleave, spreadOf, wallMs } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const MOST_SECONDS = 60;

/** Seconds from nothing to a sealed PASS, in a fresh repository each time. @throws Error with what the command said */
async function trySeconds(commands: CommandLine, product: ForeignProduct): Promise<number> {
  const folder = await foreignRepository(product);
  const start = wallMs();
  const { exitCode, stdout, stderr } = await commands.meshSim(['try', '--quiet'], folder);
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
  return (wallMs() - start) / 1000;
}

function canRun({ needs = [] }: ForeignProduct): boolean {
  return needs.every((program) => machineHas(program, process.env.PATH ?? ''));
}

/** All products for which this machine has the programs, one after the other; those that fail are named. */
async function allProducts(commands: CommandLine): Promise<FigureInput> {
  const known = Object.entries(PRODUCTS).filter(([, product]) => canRun(product));
  const failed: string[] = [];
  for (const [name, product] of known) {
    await trySeconds(commands, product).catch((error: unknown) => {
      failed.push(name);
      process.stderr.write(`\n${name}: ${String(error)}\n`);
    });
  }
  const left = Object.keys(PRODUCTS).length - known.length;
  return {
    name: 'products that pass unattended',
    unit: `of ${known.length}`,
    spread: single(known.length - failed.length),
    target: atLeast(known.length),
    note: `${left} more need programs this machine lacks${failed.length === 0 ? '' : `; failed: ${failed.join(', ')}`}`,
  };
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const commands = await createCommandLine();
  const rounds = await interleave(
    {
      compose: () => trySeconds(commands, THREE_SERVICES),
      folders: () => trySeconds(commands, THREE_FOLDERS),
    },
    { rounds: roundsOf(context, 3), meter: context.meter, warmUps: 0 },
  );
  return [
    {
      name: 'try: Node.js, Python and redis, by a compose file alone',
      unit: 's',
      spread: spreadOf(rounds, ({ compose }) => compose),
      target: atMost(MOST_SECONDS),
    },
    {
      name: 'try: Node.js, Python and redis, by what lies in their folders',
      unit: 's',
      spread: spreadOf(rounds, ({ folders }) => folders),
      target: atMost(MOST_SECONDS),
    },
    ...(context.quick ? [] : [await allProducts(commands)]),
  ];
}

export const suite: Suite = { title: "mesh-sim try in somebody else's repository", run };

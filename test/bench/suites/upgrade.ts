import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitHarborPay } from '../../../examples/harborPay.mjs';
import { createCommandLine, type CommandLine } from '../../support/commandLine.ts';
import { gitIn } from '../../support/harborPay.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { interleave, spreadOf, wallMs } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const MOST_TIMES_A_START = 2.5;
const NETWORK = ['--nodes', '5', '--latency', '40-180', '--loss', '4', '--seed', '609', '--quiet'];

interface Product {
  readonly folder: string;
  readonly before: string;
  readonly after: string;
}

/** harbor-pay with both of its versions packed. */
async function packedExample(commands: CommandLine, scratch: string): Promise<Product> {
  const folder = path.join(scratch, 'harbor-pay');
  await cp(path.join(import.meta.dirname, '../../../examples/harbor-pay'), folder, {
    recursive: true,
  });
  await commitHarborPay(folder);
  const pack = async () => (await commands.meshSim(['pack'], folder)).stdout.trim();
  await gitIn(folder, 'checkout', '--quiet', 'HEAD~1');
  const before = await pack();
  await gitIn(folder, 'checkout', '--quiet', '-');
  return { folder, before, after: await pack() };
}

/** @throws Error with what the command said */
async function secondsOf(commands: CommandLine, { folder }: Product, args: readonly string[]) {
  const start = wallMs();
  const { exitCode, stdout, stderr } = await commands.meshSim(args, folder);
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
  return (wallMs() - start) / 1000;
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const commands = await createCommandLine();
  const product = await packedExample(commands, context.scratch);
  const config = path.join(context.scratch, 'upgrade.json');
  const strategy = { kind: 'rolling', pauseMs: 0 };
  const upgrade = { from: product.before, strategy, workloadMs: 0 };
  await writeFile(config, JSON.stringify({ upgrade, deadlineMs: 300_000 }));
  const start = ['--capsule', product.after, ...NETWORK];
  const seeds = context.quick ? 50 : 500;
  const explore = [
    'explore',
    ...start,
    '--from',
    product.before,
    '--virtual',
    '--runs',
    `${seeds}`,
  ];
  const rounds = await interleave(
    {
      start: () => secondsOf(commands, product, start),
      upgrade: () => secondsOf(commands, product, [...start, '--config', config]),
      explore: () => secondsOf(commands, product, explore),
    },
    { rounds: roundsOf(context, 3), meter: context.meter, warmUps: context.quick ? 0 : 1 },
  );
  return [
    {
      name: 'an upgrade there, back and there again, against a first start',
      unit: '×',
      spread: spreadOf(rounds, (seconds) => seconds.upgrade / seconds.start),
      target: atMost(MOST_TIMES_A_START),
      note: 'five nodes of harbor-pay, rolling, back after half, eleven waves, without its rests',
    },
    { name: 'a first start', unit: 's', spread: spreadOf(rounds, ({ start }) => start) },
    {
      name: 'a seed explored in virtual time',
      unit: 'ms',
      spread: spreadOf(rounds, ({ explore }) => (1000 * explore) / seeds),
      note: `five nodes, ${seeds} seeds in one command, its start included`,
    },
  ];
}

export const suite: Suite = { title: 'the upgrade of the example, and seeds explored', run };

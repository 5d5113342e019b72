import type { CommandLine } from '../../support/commandLine.ts';

/** Packs the product in `folder`, rehearses it on two nodes by the command line; returns the path of its evidence. */
export async function sealedFile(commandLine: CommandLine, folder: string): Promise<string> {
  const [packed] = await answers(commandLine, folder, 'pack');
  const run = ['--capsule', String(packed?.capsuleHash), '--nodes', '2'];
  const evidence = (await answers(commandLine, folder, ...run)).at(-1);
  return String(evidence?.capsim);
}

/** What a command prints as JSON, an object a line. */
async function answers(
  commandLine: CommandLine,
  folder: string,
  ...args: string[]
): Promise<Readonly<Record<string, unknown>>[]> {
  const { exitCode, stdout, stderr } = await commandLine.meshSim([...args, '--json'], folder);
  if (exitCode !== 0) throw new Error(`mesh-sim ${args.join(' ')} failed: ${stderr}`);
  const lines = args[0] === 'pack' ? [stdout] : stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

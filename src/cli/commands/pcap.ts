import path from 'node:path';
import type { Command } from 'commander';
import { captureOf, type Capture } from '../../studio/runs/capture.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import { openWorkspace, printLine, type CommandContext } from '../commandContext.ts';
import { terminalText } from '../terminalText.ts';

interface PcapFlags {
  readonly workspace: string;
  readonly output?: string;
}

export function addPcapCommand(program: Command, context: CommandContext): void {
  program
    .command('pcap <simId>')
    .summary('write the packets between services that a run kept (--pcap) to one pcapng file')
    .option('--workspace <folder>', 'the folder that holds .meshsim', '.')
    .option('-o, --output <file>', 'where to; default <simId>.pcapng')
    .action((simId: string, flags: PcapFlags) => writeCapture(context, simId, flags));
}

async function writeCapture(
  context: CommandContext,
  prefix: string,
  { workspace, output }: PcapFlags,
): Promise<void> {
  const capture = await captureOf(openWorkspace(context, workspace), prefix);
  const file = path.resolve(output ?? `${capture.simId}.pcapng`);
  await replaceFile(file, capture.file);
  printLine(context, file);
  context.stderr.write(`${terminalText(`mesh-sim: ${wordsOf(capture)}`)}\n`);
}

/** What to know of it before it is given away. */
function wordsOf({ mode, packets, missed, cutUntil }: Capture): string {
  const kept = mode === 'full' ? ', payloads included: they may hold secrets' : ', headers only';
  const cut = cutUntil === undefined ? '' : `; what was sent before ${cutUntil} was let go of`;
  const slow = missed === 0 ? '' : `; the disk was too slow for ${missed} more`;
  return `${packets} packets${kept}${cut}${slow}`;
}

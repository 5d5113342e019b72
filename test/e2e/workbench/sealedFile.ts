import type { CommandLine } from '../../support/commandLine.ts';
import { recordRehearsal } from '../../support/recordedRehearsal.ts';

/** Packs the product in `folder` by the command line, and records a rehearsal of it; returns the path of its evidence. */
export async function sealedFile(commandLine: CommandLine, folder: string): Promise<string> {
  const { exitCode, stdout, stderr } = await commandLine.meshSim(['pack'], folder);
  if (exitCode !== 0) throw new Error(`mesh-sim pack failed: ${stderr}`);
  const { configFolder } = commandLine;
  return (await recordRehearsal({ folder, configFolder }, stdout)).capsimFile;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine, DIST, type CommandLine } from './commandLine.ts';
import { createHarborPay, temporaryFolder } from './harborPay.ts';
import { createTinyRepository, healthyService } from './tinyProduct.ts';

export interface StudioCommand {
  readonly folder: string;
  /** Its keys. */
  readonly configFolder: string;
  /** As printed: with the token in its hash. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A workspace and the keys that signed what is in it. */
export type StudioWorkspace = Pick<StudioCommand, 'folder' | 'configFolder'>;

/** `mesh-sim studio` as a user runs it, over a fresh harbor-pay with one packed Capsule, or with nothing done yet. */
export async function startStudioCommand({ isPacked = true } = {}): Promise<StudioCommand> {
  const { folder } = await createHarborPay();
  const commands = await createCommandLine();
  if (isPacked) await packIn(folder, commands);
  return startStudioIn(folder, commands);
}

/** The same over a product of one service with a packed Capsule: a run of it takes a third of what one of harbor-pay does. */
export async function startTinyStudio(service = healthyService()): Promise<StudioCommand> {
  const { repo } = await createTinyRepository([service]);
  const commands = await createCommandLine();
  await packIn(repo, commands);
  return startStudioIn(repo, commands);
}

/** Throws an Error with what the command said if it fails. */
export async function packIn(folder: string, commands: CommandLine): Promise<void> {
  const { exitCode, stderr } = await commands.meshSim(['pack'], folder);
  if (exitCode !== 0) throw new Error(`mesh-sim pack failed: ${stderr}`);
}

/** The same over a copy of a workspace and of its keys: nothing that is done there reaches the workspace. */
export async function startStudioOnCopy(workspace: StudioWorkspace): Promise<StudioCommand> {
  const folder = await temporaryFolder();
  const commands = await createCommandLine();
  await copyWorkspace(workspace, { folder, configFolder: commands.configFolder });
  return startStudioIn(folder, commands);
}

export async function copyWorkspace(from: StudioWorkspace, to: StudioWorkspace): Promise<void> {
  await cp(from.folder, to.folder, { recursive: true });
  await cp(from.configFolder, to.configFolder, { recursive: true });
}

/** The same over a workspace that the commands have packed something in; it goes with the command. */
export async function startStudioIn(folder: string, commands: CommandLine): Promise<StudioCommand> {
  const child = spawn(process.execPath, [path.join(DIST, 'meshSim.cjs'), 'studio'], {
    cwd: folder,
    env: commands.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(path.dirname(commands.configFolder), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  };
  let printed = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    const url = /(http:\/\/127\.0\.0\.1:\d+\S*)\s/.exec(printed)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { folder, configFolder: commands.configFolder, url, pid: child.pid ?? 0, stop };
  }
  await stop();
  throw new Error(`mesh-sim studio ended without an address: ${printed}`);
}

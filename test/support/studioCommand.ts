import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine, DIST } from './commandLine.ts';
import { createHarborPay } from './harborPay.ts';

export interface StudioCommand {
  readonly folder: string;
  /** Its keys. */
  readonly configFolder: string;
  /** As printed: with the token in its hash. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `mesh-sim studio` as a user runs it, over a fresh harbor-pay with one packed Capsule, or with nothing done yet. */
export async function startStudioCommand({ isPacked = true } = {}): Promise<StudioCommand> {
  const product = await createHarborPay();
  const commands = await createCommandLine();
  if (isPacked) {
    const packed = await commands.meshSim(['pack'], product.folder);
    if (packed.exitCode !== 0) throw new Error(`mesh-sim pack failed: ${packed.stderr}`);
  }
  const child = spawn(process.execPath, [path.join(DIST, 'meshSim.cjs'), 'studio'], {
    cwd: product.folder,
    env: commands.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(path.dirname(commands.configFolder), { recursive: true, force: true });
    await product.dispose();
  };
  let printed = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    const url = /(http:\/\/127\.0\.0\.1:\d+\S*)\s/.exec(printed)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    const { folder } = product;
    return { folder, configFolder: commands.configFolder, url, pid: child.pid ?? 0, stop };
  }
  await stop();
  throw new Error(`mesh-sim studio ended without an address: ${printed}`);
}

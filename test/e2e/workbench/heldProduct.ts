import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../support/harborPay.ts';
import { createTinyRepository, HEALTHY_SERVER } from '../../support/tinyProduct.ts';

/** A product whose one service does not listen before it is let: a run of it lasts for as long as a test needs. */
export interface HeldProduct {
  readonly folder: string;
  /** From now on every service of every run becomes healthy at once. */
  release(): Promise<void>;
  /** Until the next release nothing that is started then does. */
  hold(): Promise<void>;
  dispose(): Promise<void>;
}

const HELD_SERVER = `
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
while (!existsSync(process.env.GATE)) await setTimeout(50);
${HEALTHY_SERVER}`;

export async function createHeldProduct(): Promise<HeldProduct> {
  const outside = await temporaryFolder();
  const gate = path.join(outside, 'gate');
  const product = await createTinyRepository([
    {
      name: 'web',
      files: { 'server.mjs': HELD_SERVER },
      entry: {
        env: { PORT: '${port:http}', GATE: gate },
        health: { http: { port: 'http', path: '/' }, intervalMs: 50, deadlineMs: 600_000 },
      },
    },
  ]);
  return {
    folder: product.repo,
    release: () => writeFile(gate, ''),
    hold: () => rm(gate, { force: true }),
    dispose: async () => {
      await product.dispose();
      await rm(outside, { recursive: true, force: true });
    },
  };
}

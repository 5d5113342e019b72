import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../support/harborPay.ts';
import { createTinyRepository, HEALTHY_SERVER } from '../../support/tinyProduct.ts';

/** A product with one service, in which nothing was packed yet. A run of it lasts for as long as a test needs. */
export interface Product {
  readonly folder: string;
  /** Until the next release no service that is started then becomes healthy. */
  hold(): Promise<void>;
  /** From now on every service of every run becomes healthy at once, as at the beginning. */
  release(): Promise<void>;
  dispose(): Promise<void>;
}

const SERVER = `
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
while (existsSync(process.env.HELD)) await setTimeout(50);
${HEALTHY_SERVER}`;

export async function createProduct(): Promise<Product> {
  const outside = await temporaryFolder();
  const held = path.join(outside, 'held');
  const made = await createTinyRepository([
    {
      name: 'web',
      files: { 'server.mjs': SERVER },
      entry: {
        env: { PORT: '${port:http}', HELD: held },
        health: { http: { port: 'http', path: '/' }, intervalMs: 50, deadlineMs: 600_000 },
      },
    },
  ]);
  return {
    folder: made.repo,
    hold: () => writeFile(held, ''),
    release: () => rm(held),
    dispose: async () => {
      await made.dispose();
      await rm(outside, { recursive: true, force: true });
    },
  };
}

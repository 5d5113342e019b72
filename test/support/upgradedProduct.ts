import { createTinyProduct, type TinyProduct, type TinyService } from './tinyProduct.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import type { RealRunOptions } from '../../src/runtime/real/run.ts';

/** Notes each start of it in its state, says what is there, and answers. */
export function versionedServer(version: string, more = ''): string {
  return `
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const file = process.env.STATE + '/starts';
appendFileSync(file, '${version} ');
console.log('starts: ' + readFileSync(file, 'utf8').trim());
${more}
createServer((_, response) => response.end('${version}')).listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;
}

export interface UpgradedProduct {
  /** Its Capsule is the new one. */
  readonly product: TinyProduct;
  readonly before: NonNullable<RealRunOptions['before']>;
}

/** `more`: of the registry. */
function entry(more: Readonly<Record<string, unknown>>) {
  return { env: { PORT: '${port:http}', STATE: '${state}' }, ...more };
}

/** A service in two versions. @param more what the new one does before it listens @param registry of its entry, in both @param product what the registry has beside services, in both @param beside services that stay as they are */
export async function createUpgradedProduct(
  more = '',
  registry: Readonly<Record<string, unknown>> = {},
  product: Readonly<Record<string, unknown>> = {},
  beside: readonly TinyService[] = [],
): Promise<UpgradedProduct> {
  const older = await createTinyProduct(
    [
      { name: 'web', files: { 'server.mjs': versionedServer('old') }, entry: entry(registry) },
      ...beside,
    ],
    {},
    product,
  );
  const newer = await older.packedAgain('web', 'server.mjs', versionedServer('new', more));
  const { capsule, packEnvelope: envelope, publicKey } = older;
  return { product: newer, before: { capsule, envelope, publicKey } };
}

/** Notes in the state which Capsule it brings it to: by the server that lies in the folder it runs in. */
export const NOTED_MIGRATION = [
  'node',
  '-e',
  `const fs = require('fs');
const [, version] = /\\(file, '(\\w+) '/.exec(fs.readFileSync('server.mjs', 'utf8'));
fs.appendFileSync(process.env.STATE + '/starts', 'to-' + version + ' ');`,
];

/** It runs with the service's env, and says when, and in which content. */
export const NOTED_CHECK = [
  'node',
  '-e',
  `const fs = require('fs');
const isNew = fs.readFileSync('server.mjs', 'utf8').includes("file, 'new '");
const { STATE, MESH_SIM_WINDOW, MESH_SIM_WAVE } = process.env;
console.log('checked: ' + MESH_SIM_WINDOW + ' ' + MESH_SIM_WAVE + (isNew ? '' : ' by old'));
process.exit(fs.existsSync(STATE + '/starts') ? 0 : 1);`,
];

/** Notes in the state that it was there before any service. */
export const NOTED_SEED = [
  'node',
  '-e',
  `require('fs').appendFileSync(process.env.STATE + '/starts', 'seeded ');`,
];

/** Short rests: two nodes go there, half of the way back, and there again in some seconds. */
export function upgradePlan(
  { before }: UpgradedProduct,
  upgrade: Partial<NonNullable<PlanInput['upgrade']>> = {},
): Partial<PlanInput> {
  const strategy = { kind: 'rolling' as const, batch: 1, pauseMs: 50 };
  return {
    upgrade: { from: before.capsule.capsuleHash, strategy, workloadMs: 100, ...upgrade },
    deadlineMs: 150_000,
  };
}

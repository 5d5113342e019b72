import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ErrorCode } from '../../src/base/errors.ts';
import { readRegistry } from '../../src/capsule/registryFile.ts';
import { sentenceOf } from './rejection.ts';

export const ORDERS = {
  name: 'orders',
  path: 'services/orders',
  start: ['node', 'server.mjs'],
  env: { PORT: '${port:http}' },
  ports: { http: 7302 },
  health: { http: { port: 'http', path: '/healthz' } },
};
export const GATEWAY = {
  ...ORDERS,
  name: 'gateway',
  path: 'services/gateway',
  dependsOn: ['orders'],
};

export const REDIS = {
  ...{ name: 'cache', program: { requires: 'redis-server', version: '>=7' } },
  ...{ start: ['redis-server'], health: { command: ['true'] } },
};

export const measured = (objective: object, changes: object = {}) => ({
  ...ORDERS,
  ...changes,
  objectives: [
    { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 50, ...objective },
  ],
});

export const productOf = (...services: unknown[]) => ({ name: 'harbor-pay', services });
export const withOrders = (changes: object) => productOf({ ...ORDERS, ...changes });

export const CHECK = { name: 'kept', service: 'orders', run: ['node', 'check.mjs'] };
export const withCheck = (changes: object) => ({
  ...productOf(ORDERS),
  checks: [{ ...CHECK, ...changes }],
});

/** The sentence with which a registry of this content is refused; it names the file. */
export async function refusal(
  content: unknown,
  code: ErrorCode = 'registry-invalid',
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
  try {
    const file = path.join(folder, 'mesh.services.json');
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const sentence = await sentenceOf(code, readRegistry(file));
    assert.ok(sentence.includes(file), 'names the file');
    return sentence;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

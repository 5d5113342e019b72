import assert from 'node:assert/strict';
import { buildKey } from '../../../src/agent/services/buildCache.ts';
import { buildEnv } from '../../../src/agent/services/buildEnv.ts';
import { packedServiceSchema, type PackedService } from '../../../src/model/capsule.ts';

const DIGEST = 'a'.repeat(64);
const GIT_ID = 'b'.repeat(40);

function keyOf(changes: Record<string, unknown> = {}): string {
  const service: PackedService = packedServiceSchema.parse({
    name: 'web',
    path: 'web',
    build: ['npm', 'ci'],
    start: ['node', 'server.mjs'],
    env: { MODE: 'fast', PORT: '${port:http}' },
    ports: { http: 4_000 },
    health: { tcp: { port: 'http' } },
    commit: GIT_ID,
    tree: GIT_ID,
    archive: { digest: DIGEST, size: 1 },
    chunks: [],
    ...changes,
  });
  const env = buildEnv(service.env, '/bin');
  return buildKey(service, { env, folder: '/srv/services/web', programs: ['node: 1'] });
}

describe('agent: the key of a build', () => {
  const same: Record<string, Record<string, unknown>> = {
    'how it is started': { start: ['node', 'other.mjs'] },
    'its ports, and what of env is of each node': {
      ports: { http: 5_000 },
      env: { MODE: 'fast', PORT: '${port:http}', NODE: '${node.id}' },
    },
    'its health': { health: { tcp: { port: 'http' }, deadlineMs: 1_000 } },
    'its secrets': { secrets: ['TOKEN'] },
    'what it depends on': { dependsOn: ['db'] },
    'what it promises': {
      objectives: [{ name: 'up', metric: 'recovery-ms', comparator: '<=', threshold: 1 }],
    },
    'how long its build may take': { buildDeadlineMs: 1_000 },
    'another commit with the same content': { commit: 'c'.repeat(40) },
  };
  for (const [what, changes] of Object.entries(same)) {
    it(`is no other one for ${what}`, () => assert.equal(keyOf(changes), keyOf()));
  }

  const other: Record<string, Record<string, unknown>> = {
    'other content': { archive: { digest: 'd'.repeat(64), size: 1 } },
    'another command': { build: ['npm', 'install'] },
    'another value that builds see': { env: { MODE: 'slow' } },
    'a secret that the build is given': { buildSecrets: ['NPM_TOKEN'] },
  };
  for (const [what, changes] of Object.entries(other)) {
    it(`is another one for ${what}`, () => assert.notEqual(keyOf(changes), keyOf()));
  }
});

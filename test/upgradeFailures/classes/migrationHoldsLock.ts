import { jsonService } from '../jsonService.ts';
import { REDIS, redisService } from '../redisClient.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** How long a booking waits for the lock that all nodes share. */
const PATIENCE_MS = 3_000;
/** A lock whose holder is gone is free after this. */
const LOCK_MS = 300;

const LOCK = `
import { redis } from './redis.mjs';
const owner = process.env.NODE + '-' + process.pid;
export const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));
export async function locked(forMs, work) {
  const patience = AbortSignal.timeout(${PATIENCE_MS});
  const set = 'SET lock ' + owner + ' NX PX ' + forMs;
  while ((await redis('store.n0:6379', set)) === null) {
    if (patience.aborted) throw new Error('the lock was held by somebody else for ${PATIENCE_MS} ms');
    await pause(25);
  }
  const done = await work();
  if ((await redis('store.n0:6379', 'GET lock')) === owner) await redis('store.n0:6379', 'DEL lock');
  return done;
}
export const row = () => redis('store.n0:6379', 'INCR migrated');
`;

const SERVER = `
import { locked } from './lock.mjs';
import { redis } from './redis.mjs';
const book = () => redis('store.n0:6379', 'INCR bookings');
serve({ '/book': () => locked(${LOCK_MS}, book) }, process.env.PORT);`;

/** Nodes may be down; one that is up does not let customers wait. */
const WORKLOAD = `
import { ask } from './ask.mjs';
for (;;) {
  for (const node of ['n1', 'n2']) {
    await ask('bookings.' + node + ':4000/book').catch((error) => {
      if (error.message.includes('the lock')) throw error;
    });
  }
  await new Promise((wake) => setTimeout(wake, 50));
}
`;

/** @param migrate left out: it has none */
function bookings(migrate?: string): Version {
  const files = {
    ...{ 'lock.mjs': LOCK, 'redis.mjs': REDIS, 'load.mjs': WORKLOAD },
    'migrate.mjs': `import { locked, pause, row } from './lock.mjs';\n${migrate ?? ''}`,
  };
  const run = { run: ['node', 'migrate.mjs'], once: true, deadlineMs: 240_000 };
  const entry = { dependsOn: ['store'], ...(migrate === undefined ? {} : { migrate: run }) };
  return {
    services: [redisService('store', '--save', ''), jsonService('bookings', SERVER, files, entry)],
    registry: { workload: { service: 'bookings', run: ['node', 'load.mjs'], on: 'n1' } },
  };
}

/** @param one what it does for a row, before it rests */
function rows(one: string): string {
  return `for (let left = 20; left > 0; left -= 1) { await ${one}; await pause(400); }`;
}

export const MIGRATION_HOLDS_LOCK: UpgradeFailure = {
  name: 'migration-holds-lock',
  looksLike: 'a migration keeps a lock while it works, and what is still old cannot serve',
  runsOn: 'redis and Node.js',
  programs: ['redis-server'],
  plan: {
    params: { nodes: 3, latencyMs: [1, 5] },
    placement: { store: ['n0'], bookings: ['n1', 'n2'] },
  },
  old: bookings(),
  broken: bookings(`await locked(60_000, async () => { ${rows('row()')} });`),
  fixed: bookings(rows(`locked(${LOCK_MS}, row)`)),
  foundBy: {
    invariant: 'checks-held',
    says: /^The workload on n1, before it was stopped, .*bookings\.n[12]:4000\/book answered 500: the lock was held by somebody else for 3000 ms/,
  },
};

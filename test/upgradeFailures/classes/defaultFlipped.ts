import { checkOf, jsonService } from '../jsonService.ts';
import { redisService, REDIS } from '../redisClient.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** The check writes a booking before the upgrade, and looks for it after every wave. */
const CHECK = `
import { redis } from './redis.mjs';
if (process.env.MESH_SIM_WINDOW === 'before') await redis('store:6379', 'SET booking berth-4');
const kept = await redis('store:6379', 'GET booking');
if (kept !== 'berth-4') throw new Error('the booking made before is gone');
`;

/** @param settings of redis-server, beside those that every version has */
function store(...settings: string[]): Version {
  const files = { 'check.mjs': CHECK, 'redis.mjs': REDIS };
  return {
    services: [
      redisService('store', '--save', '', ...settings),
      jsonService('bookings', 'serve({}, process.env.PORT);', files, { dependsOn: ['store'] }),
    ],
    registry: { checks: [checkOf('bookings', 'a booking made before is still there')] },
  };
}

const KEPT = ['--appendonly', 'yes'];

export const DEFAULT_FLIPPED: UpgradeFailure = {
  name: 'default-flipped',
  looksLike: 'what the old version kept by its setting, the new one does not by its default',
  runsOn: 'redis',
  programs: ['redis-server'],
  old: store(...KEPT),
  broken: store(),
  fixed: store(...KEPT, '--maxmemory', '16mb'),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "a booking made before is still there" on n\d, after wave 1, in mixed, failed: .*the booking made before is gone/,
  },
};

import { checkOf, jsonService } from '../jsonService.ts';
import { redisService, REDIS } from '../redisClient.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** @param key of the cache @param writes the price as it is cached, without spaces @param reads an expression of what was `cached` */
function pricing(key: string, writes: string, reads: string): Version {
  const server = `
import { redis } from './redis.mjs';
const fill = () => redis('cache.n0:6379', 'SET ${key} ${writes}');
await fill();
serve({
  '/price': async () => {
    const cached = await redis('cache.n0:6379', 'GET ${key}') ?? '${writes}';
    const price = ${reads};
    if (!Number.isInteger(price)) throw new Error('"${key}" in the cache is no price: ' + cached);
    return price;
  },
}, process.env.PORT);`;
  const check = `import { ask } from './ask.mjs';\nawait ask('pricing:4000/price');`;
  const files = { 'check.mjs': check, 'redis.mjs': REDIS };
  return {
    services: [
      redisService('cache', '--save', ''),
      jsonService('pricing', server, files, { dependsOn: ['cache'] }),
    ],
    registry: { checks: [checkOf('pricing', 'every node knows the price')] },
  };
}

const EITHER = `Number(cached.split(':').at(-1))`;

export const CACHE_POISONED: UpgradeFailure = {
  name: 'cache-poisoned',
  looksLike:
    'the new version fills the cache that all share in a format that the old one cannot read',
  runsOn: 'redis and Node.js',
  programs: ['redis-server'],
  plan: { placement: { cache: ['n0'] } },
  old: pricing('price', '250', 'Number(cached)'),
  broken: pricing('price', 'EUR:250', EITHER),
  fixed: pricing('price-2', 'EUR:250', EITHER),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "every node knows the price" on n\d, after wave 1, in mixed, failed: .*"price" in the cache is no price: EUR:250/,
  },
};

import { checkOf, jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** Peers ask each other at a port of its own. @param listens those of this version @param asks the one at which it asks */
function prices(listens: readonly number[], asks: number): Version {
  const server = `
serve({
  '/price': () => ({ cents: 250 }),
  '/compare': () => Promise.all(['n0', 'n1'].map((node) => ask('prices.' + node + ':${asks}/price'))),
}, process.env.PORT, ${listens.join(', ')});`;
  const check = `import { ask } from './ask.mjs';\nawait ask('prices:4000/compare');`;
  const ports = {
    http: 4_000,
    ...Object.fromEntries(listens.map((port) => [`peer${port}`, port])),
  };
  return {
    services: [jsonService('prices', server, { 'check.mjs': check }, { ports })],
    registry: { checks: [checkOf('prices', 'every node gets the prices of every other')] },
  };
}

export const PORT_CHANGED: UpgradeFailure = {
  name: 'port-changed',
  looksLike: 'the new version listens at another port than the one at which old ones ask',
  runsOn: 'Node.js',
  programs: [],
  old: prices([4_010], 4_010),
  broken: prices([4_020], 4_020),
  fixed: prices([4_010, 4_020], 4_010),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "every node gets the prices of every other" on n\d, after wave 1, in mixed, failed: .*prices\.n\d:40[12]0\/price is not reached: .*ECONNREFUSED/,
  },
};

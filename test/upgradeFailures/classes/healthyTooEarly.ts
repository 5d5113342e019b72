import { checkOf, jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** It loads its prices when it is asked for the first time. @param health what it takes to be healthy @param loadsLate when it starts, otherwise */
function prices(health: string, loadsLate: boolean): Version {
  const server = `
let loaded${loadsLate ? '' : ' = { cents: 250 }'};
function price() {
  if (loaded !== undefined) return loaded;
  setTimeout(() => (loaded = { cents: 250 }), 50);
  throw new Error('the prices are not loaded yet');
}
serve({ '/': ${health}, '/price': price }, process.env.PORT);`;
  const check = `import { ask } from './ask.mjs';\nawait ask('prices:4000/price');`;
  return {
    services: [jsonService('prices', server, { 'check.mjs': check })],
    registry: { checks: [checkOf('prices', 'a healthy node knows the price')] },
  };
}

export const HEALTHY_TOO_EARLY: UpgradeFailure = {
  name: 'healthy-too-early',
  looksLike: 'the health check of the new version passes before it can serve',
  runsOn: 'Node.js',
  programs: [],
  old: prices('() => ({})', false),
  broken: prices('() => ({})', true),
  fixed: prices('price', true),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "a healthy node knows the price" on n\d, after wave 1, in mixed, failed: .*the prices are not loaded yet/,
  },
};

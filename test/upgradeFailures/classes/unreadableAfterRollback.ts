import { jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** @param reads formats @param writes format */
function bookings(reads: readonly number[], writes: number): Version {
  const server = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const file = process.env.STATE + '/bookings.json';
if (existsSync(file)) {
  const { format } = JSON.parse(readFileSync(file, 'utf8'));
  if (!${JSON.stringify(reads)}.includes(format)) throw new Error('bookings.json has format ' + format + ', which this version cannot read');
}
writeFileSync(file, JSON.stringify({ format: ${writes}, bookings: [] }));
serve({}, process.env.PORT);`;
  return { services: [jsonService('bookings', server)] };
}

export const UNREADABLE_AFTER_ROLLBACK: UpgradeFailure = {
  name: 'unreadable-after-rollback',
  looksLike:
    'the new version writes its file in a format that the old one cannot read when it is back',
  runsOn: 'Node.js',
  programs: [],
  old: bookings([1], 1),
  broken: bookings([1, 2], 2),
  fixed: bookings([1, 2], 1),
  foundBy: {
    invariant: 'way-back',
    says: /bookings\.json has format 2, which this version cannot read/,
  },
};

import { checkOf, jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

const ACCOUNTS = 40;
const TOTAL = ACCOUNTS * 500;

/** Writes what each account has into a file, one by one. @param file an expression @param begin what it does first @param end and last */
function migration(file: string, begin = '', end = ''): string {
  return `
import { appendFileSync, renameSync, rmSync } from 'node:fs';
const cents = process.env.STATE + '/cents';
${begin}
for (let account = 0; account < ${ACCOUNTS}; account += 1) appendFileSync(${file}, '500\\n');
${end}
`;
}

const CHECK = `
import { ask } from './ask.mjs';
const total = await ask('ledger:4000/total');
if (total !== ${TOTAL}) throw new Error('all accounts together have ' + total + ' cents, and had ${TOTAL}');
`;

/** @param total of all accounts, an expression @param migrate left out: it has none */
function ledger(total: string, migrate?: string): Version {
  const server = `
import { readFileSync } from 'node:fs';
serve({ '/total': () => ${total} }, process.env.PORT);`;
  const entry = migrate === undefined ? {} : { migrate: ['node', 'migrate.mjs'] };
  const files = { 'check.mjs': CHECK, 'migrate.mjs': migrate ?? '' };
  return {
    services: [jsonService('ledger', server, files, entry)],
    registry: { checks: [checkOf('ledger', 'all accounts have together what they had')] },
  };
}

const SUM = `readFileSync(process.env.STATE + '/cents', 'utf8').trim().split('\\n').reduce((sum, one) => sum + Number(one), 0)`;

/** The default plan migrates a node a second time after its way back, as it would after a crash. */
export const MIGRATION_NOT_IDEMPOTENT: UpgradeFailure = {
  name: 'migration-not-idempotent',
  looksLike:
    'a migration that is done once more, as after a way back or a crash, does its work twice',
  runsOn: 'Node.js',
  programs: [],
  old: ledger(String(TOTAL)),
  broken: ledger(SUM, migration('cents')),
  fixed: ledger(
    SUM,
    migration(
      `cents + '.part'`,
      `rmSync(cents + '.part', { force: true });`,
      `renameSync(cents + '.part', cents);`,
    ),
  ),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "all accounts have together what they had" on n\d, after wave [34], in (mixed|after), failed: .*all accounts together have 40000 cents, and had 20000/,
  },
};

import { ACCOUNTS, ledger, SUM, TOTAL } from '../accounts.ts';
import type { UpgradeFailure } from '../upgradeFailure.ts';

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

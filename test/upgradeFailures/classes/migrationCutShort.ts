import { ACCOUNTS, ledger, SUM, TOTAL } from '../accounts.ts';
import type { UpgradeFailure } from '../upgradeFailure.ts';

/** Between two accounts: all take long enough for a kill to come in between. */
const REST_MS = 50;

/** Writes what each account has into a file, one by one, unless that was done before. @param file an expression @param begin what it does first @param end and last */
function migration(file: string, begin: string, end: string): string {
  return `
import { appendFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
const cents = process.env.STATE + '/cents';
${begin}
for (let account = 0; account < ${ACCOUNTS}; account += 1) {
  appendFileSync(${file}, '500\\n');
  await rest(${REST_MS});
}
${end}
`;
}

/** What is done once is not done again: a way back does not find it, half of it does. */
export const MIGRATION_CUT_SHORT: UpgradeFailure = {
  name: 'migration-cut-short',
  looksLike:
    'a migration that a crash has cut short begins anew, and does what it had done once more',
  runsOn: 'Node.js',
  programs: [],
  plan: {
    chaos: {
      faults: [
        { when: { migrates: 'n1', since: 'changed' }, do: { kill: 'n1', restartAfterMs: 0 } },
      ],
    },
  },
  old: ledger(String(TOTAL)),
  broken: ledger(
    SUM,
    migration(
      'cents',
      `if (existsSync(cents + '.done')) process.exit(0);`,
      `writeFileSync(cents + '.done', '');`,
    ),
  ),
  fixed: ledger(
    SUM,
    migration(
      `cents + '.part'`,
      `if (existsSync(cents)) process.exit(0);\nrmSync(cents + '.part', { force: true });`,
      `renameSync(cents + '.part', cents);`,
    ),
  ),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "all accounts have together what they had" on n1, after wave \d, in (mixed|after), failed: .*all accounts together have 2\d{4} cents, and had 20000/,
  },
};

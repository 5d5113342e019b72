import { checkOf, jsonService } from './jsonService.ts';
import type { Version } from './upgradeFailure.ts';

export const ACCOUNTS = 40;
/** Cents of all accounts together. */
export const TOTAL = ACCOUNTS * 500;

const CHECK = `
import { ask } from './ask.mjs';
const total = await ask('ledger:4000/total');
if (total !== ${TOTAL}) throw new Error('all accounts together have ' + total + ' cents, and had ${TOTAL}');
`;

/** Keeps accounts, of which each is to keep its cents. @param total of all accounts, an expression @param migrate left out: it has none */
export function ledger(total: string, migrate?: string): Version {
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

/** Of all accounts, as they are in the state of the node: an expression. */
export const SUM = `readFileSync(process.env.STATE + '/cents', 'utf8').trim().split('\\n').reduce((sum, one) => sum + Number(one), 0)`;

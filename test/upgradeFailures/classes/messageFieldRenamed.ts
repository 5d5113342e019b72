import { checkOf, jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** @param writes the fields of the message @param reads the expression of its amount */
function orders(writes: string, reads: string): Version {
  const server = `
serve({
  '/receive': (message) => {
    if (!Number.isInteger(${reads})) throw new Error('an order without amount: ' + JSON.stringify(message));
    return {};
  },
  '/send': () => Promise.all(process.env.PEERS.split(',').map((peer) => ask(peer + '/receive', { ${writes} }))),
}, process.env.PORT);`;
  const check = `import { ask } from './ask.mjs';\nawait ask('orders:4000/send');`;
  const env = { PEERS: '${peers:orders.http|orders.{id}:{port}}' };
  return {
    services: [jsonService('orders', server, { 'check.mjs': check }, { env })],
    registry: { checks: [checkOf('orders', 'every node takes an order from every other')] },
  };
}

export const MESSAGE_FIELD_RENAMED: UpgradeFailure = {
  name: 'message-field-renamed',
  looksLike: 'a field of a message between nodes has another name, and the old version misses it',
  runsOn: 'Node.js',
  programs: [],
  old: orders('amount: 5', 'message.amount'),
  broken: orders('cents: 5', 'message.cents'),
  fixed: orders('amount: 5, cents: 5', '(message.cents ?? message.amount)'),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "every node takes an order from every other" on n\d, after wave 1, in mixed, failed: .*orders\.n\d:4000\/receive answered 500: an order without amount: \{"(amount|cents)":5\}/,
  },
};

import { Ledger } from '../../src/ledger/ledger.ts';
import { entryNumber } from './ledgerEntries.ts';
import { LOG_KEY } from './sealedRun.ts';

/** A process of its own: appends until it is killed or has appended `count`, and says each index once it is on disk. */
const [folder = '', count = 'Infinity'] = process.argv.slice(2);
const ledger = await Ledger.open(folder, LOG_KEY);
for (let number = 0; number < Number(count); number += 1) {
  const { index } = await ledger.append(entryNumber(process.pid * 1000 + number));
  process.stdout.write(`${index} ${process.pid * 1000 + number}\n`);
}

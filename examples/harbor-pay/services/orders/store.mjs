import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Orders, a line of JSON each, in the folder of this service that outlives restarts and upgrades. */
const file = path.join(process.env.STATE ?? '.', 'orders.jsonl');

export const orders = existsSync(file)
  ? readFileSync(file, 'utf8').trimEnd().split('\n').map(read)
  : [];

function read(line) {
  return JSON.parse(line);
}

export function keep({ id, berth, season, hours, cents }) {
  appendFileSync(file, `${JSON.stringify({ id, berth, hours, cents })}\n`);
  orders.push({ id, berth, season, hours, cents });
}

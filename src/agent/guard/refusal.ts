import { appendFileSync } from 'node:fs';
import { denyingPattern, matchesHostPattern } from '../../model/hostPattern.ts';
import { GUARD_VARIABLE, type Attempt, type GuardOrders } from './orders.ts';

/** The variable as it was at the start: the program may remove its own later. */
export const ordersText = process.env[GUARD_VARIABLE];

export const orders = JSON.parse(ordersText ?? '{"deny":[],"log":""}') as GuardOrders;

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The refusal when this must not be reached, after it was noted; undefined when it may. */
export function refusal(attempt: Attempt, syscall: string): Error | undefined {
  if (denyingPattern(attempt, orders.deny) === undefined || isOfMesh(attempt)) return undefined;
  const place = attempt.port === undefined ? attempt.host : `${attempt.host}:${attempt.port}`;
  const sentence = `${place} is a production endpoint: a simulation may not reach it.`;
  try {
    appendFileSync(orders.log, `${JSON.stringify(attempt)}\n`);
  } catch {
    process.stderr.write(`${sentence}\n`);
  }
  return Object.assign(new Error(sentence), { code: 'EACCES', syscall, ...attempt });
}

/** Production may have the same addresses: from here they lead to other nodes. */
function isOfMesh({ host }: Attempt): boolean {
  return orders.mesh !== undefined && matchesHostPattern({ host }, orders.mesh);
}

/** Puts a method in the place of another one, which it is given. */
export function wrap(owner: object, name: string, around: (original: Method) => Method): void {
  const methods = owner as Record<string, Method | undefined>;
  const original = methods[name];
  if (typeof original === 'function') methods[name] = around(original);
}

export function portOf(port: unknown): number | undefined {
  const number = Number(port);
  return port === undefined || port === null || !Number.isInteger(number) ? undefined : number;
}

import assert from 'node:assert/strict';
import { decide } from '../../src/deploy/gate.ts';
import type { GateInput } from '../../src/deploy/gateFacts.ts';
import { effectivePolicy } from '../../src/deploy/gatePolicy.ts';
import { reasonsOf, type Decision, type GateRule } from '../../src/model/deploy.ts';
import { environmentSchema, type GatePolicy } from '../../src/model/environments.ts';
import type { Indicator } from '../../src/model/indicator.ts';
import type { Objective } from '../../src/model/objective.ts';
import { ENDED_MS, gateInputOf, rehearsal, type RehearsalChoice } from './gateWorld.ts';
import { CAPSULE_KEY, keyNumber } from './sealedRun.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const OTHER_RUN = '11111111-2222-4333-8444-555555555555';
export const OTHER_HASH = 'e'.repeat(64);
export const stranger = keyNumber(5);

export interface Case {
  readonly name: string;
  /** What the rehearsal is, where it is not one that meets the strict policy. */
  readonly run?: RehearsalChoice;
  readonly input?: (good: GateInput) => Partial<GateInput>;
  /** Over the strict policy of production. */
  readonly gate?: Partial<GatePolicy>;
  /** Milliseconds since the Unix epoch; an hour after the rehearsal when left out. */
  readonly now?: number;
  /** The rules that do not hold; empty: it is allowed. */
  readonly failed: readonly GateRule[];
}

export function ask({
  run,
  input,
  gate,
  now = ENDED_MS + HOUR_MS,
}: Omit<Case, 'failed' | 'name'>): Decision {
  const good = gateInputOf(rehearsal(run));
  const environment = environmentSchema.parse({
    production: true,
    target: { kind: 'directory', path: 'there' },
    ...(gate === undefined ? {} : { gate }),
  });
  return decide({ ...good, ...input?.(good) }, effectivePolicy(environment), now);
}

export const open = (startedAt: number) => ({ simId: OTHER_RUN, startedAt });
export const sealedLater = (index: number, outcome: 'pass' | 'fail') => ({
  simId: OTHER_RUN,
  startedAt: index - 1,
  result: { index, leafHash: OTHER_HASH, body: OTHER_HASH, outcome },
});
export const altered = (
  bytes: Uint8Array | undefined,
  at: (length: number) => number,
): Uint8Array => {
  const copy = Buffer.from(bytes ?? new Uint8Array());
  const place = at(copy.length);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};
export const indicator = (name: string, passed: boolean): Indicator => ({
  name,
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 50,
  value: passed ? 20 : 80,
  sampleSize: 100,
  passed,
});
export const objective: Objective = {
  name: 'bookings are quick',
  metric: 'latency-p95-ms',
  comparator: '<=',
  threshold: 50,
};
export const declares = (good: GateInput) => ({
  pack: {
    publicKey: CAPSULE_KEY.publicKey,
    at: '',
    isVouchedFor: true,
    ...good.pack,
    isDirty: false,
    objectives: [{ service: 'gateway', objective, measuredBy: 'probes' as const }],
  },
});
export const unproven = (index: number, name: string) => ({
  index,
  name,
  problem: 'It was altered.',
});
export const MS_7_DAYS = 7 * DAY_MS;

/** A test for each case: every rule that fails, and no other, and the verdict that follows. */
export function testCases(cases: readonly Case[]): void {
  for (const { name, failed, ...question } of cases) {
    const verdict = failed.length === 0 ? 'allows' : 'refuses';
    it(`${verdict} ${name}`, () => {
      const decision = ask(question);
      const broken = decision.rules.filter(({ status }) => status === 'failed');
      assert.deepEqual(
        broken.map(({ rule }) => rule),
        failed,
        reasonsOf(decision).join('\n'),
      );
      assert.equal(decision.decision, failed.length === 0 ? 'allow' : 'deny');
      assert.ok(reasonsOf(decision).every((sentence) => /^[^\n]+\.$/.test(sentence)));
    });
  }
}

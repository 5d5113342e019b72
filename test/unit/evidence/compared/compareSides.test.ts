import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  compareSides,
  type SideToCompare,
} from '../../../../src/evidence/compared/compareSides.ts';
import type { Indicator } from '../../../../src/model/indicator.ts';
import { isNotCompared } from '../../../../src/model/comparedWords.ts';
import { runComparisonSchema, type RunComparison } from '../../../../src/model/runComparison.ts';
import { sideOf, type TimedEvent } from '../../../support/comparedSide.ts';
import { observationOf } from '../../../support/observation.ts';
import { MANIFEST } from '../../../support/sealedRun.ts';
import { upgradeObservation } from '../../../support/upgradeObservation.ts';

const QUICK: Indicator = {
  ...{ name: 'web: quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 500 },
  ...{ value: 200, sampleSize: 100, passed: true },
};

const UP: TimedEvent = [1, { type: 'node', nodeId: 'n1', status: 'up' }];

/** `count` values spread evenly over 100 ms above `from`. */
const times = (from: number, count = 100) =>
  Array.from({ length: count }, (_, at) => from + (100 * ((at * 37) % count)) / count);

const probes = (from: number): TimedEvent => [
  500,
  { type: 'probes', service: 'web', status: 'passed', latencyMs: times(from), failed: 0 },
];

/** Packets from n0 to n1 of three nodes that took as long as said. */
function packets(latencyMs: readonly number[]): TimedEvent {
  const each = <T>(value: T): T[] => latencyMs.map(() => value);
  return [
    400,
    {
      type: 'packets',
      packets: {
        ...{ link: each(1), flow: each(1), outcome: each(0), chunk: each(-1) },
        ...{ number: latencyMs.map((_, at) => at), sent: each(100), configured: each(50) },
        arrived: latencyMs.map((ms) => 100 + ms),
      },
    },
  ];
}

/** A part of a comparison that was compared. */
function part<Name extends keyof RunComparison>(comparison: RunComparison, name: Name) {
  const value = comparison[name];
  assert.ok(!isNotCompared(value), JSON.stringify(value));
  return value as Exclude<RunComparison[Name], { notCompared: string }>;
}

function compared(a: SideToCompare, b: SideToCompare): RunComparison {
  const comparison = compareSides(a, b);
  assert.deepEqual(runComparisonSchema.parse(JSON.parse(JSON.stringify(comparison))), comparison);
  return comparison;
}

describe('two runs side by side', () => {
  it('differ in nothing where one is held against itself', () => {
    const side = sideOf(observationOf(), { events: [UP] });
    const comparison = compared(side, side);
    assert.deepEqual(part(comparison, 'plan'), { isSameConditions: true, changes: [] });
    assert.deepEqual(part(comparison, 'machine').changes, []);
    assert.deepEqual(part(comparison, 'capsule').services, []);
    assert.deepEqual(part(comparison, 'events'), { same: 1, parted: [] });
    for (const { a, b } of part(comparison, 'phases').phases) assert.deepEqual(a, b);
  });

  it('say of another seed that it is one, and that measurements may be compared', () => {
    const comparison = compared(
      sideOf(observationOf()),
      sideOf(observationOf({ plan: { seed: 4 } })),
    );
    const plan = part(comparison, 'plan');
    assert.equal(plan.isSameConditions, true);
    assert.deepEqual(plan.changes, [{ path: 'seed', a: 609, b: 4 }]);
  });

  it('have what only one of them has on its side alone, as of a node more', () => {
    const comparison = compared(sideOf(observationOf()), sideOf(observationOf({ nodes: 4 })));
    const plan = part(comparison, 'plan');
    assert.deepEqual(plan.changes, [{ path: 'params.nodes', a: 3, b: 4 }]);
    assert.equal(plan.isSameConditions, false);
    const added = part(comparison, 'phases').phases.filter(({ a }) => a === undefined);
    assert.deepEqual([...new Set(added.map(({ nodeId }) => nodeId))], ['n3']);
    const ways = part(comparison, 'latency').ways.filter(({ a }) => a === undefined);
    assert.equal(ways.length, 6);
    assert.ok(ways.every(({ b, comparison: verdict }) => b?.link && verdict === undefined));
  });

  it('are named with a machine or an isolation of its own', () => {
    const comparison = compared(
      sideOf(observationOf()),
      sideOf(observationOf({ wired: true, shared: true })),
    );
    const paths = part(comparison, 'machine').changes.map(({ path }) => path);
    assert.deepEqual(paths, ['isolation', 'isolationLimit']);
  });

  it('repeat nothing of what is not verified, and say why of every part', () => {
    const untrusted: SideToCompare = {
      ...{ name: 'b.capsim', verdict: 'untrusted', sentence: 'Its key is not trusted here.' },
    };
    const { a, b, ...parts } = compared(sideOf(observationOf()), untrusted);
    assert.ok(a.run);
    assert.equal(b.run, undefined);
    for (const one of Object.values(parts)) {
      assert.deepEqual(one, {
        notCompared: 'The evidence of B is not verified here: Its key is not trusted here.',
      });
    }
  });

  it('come to no verdict without signed events, and have signed figures all the same', () => {
    const observation = { ...observationOf(), indicators: [QUICK] };
    const comparison = compared(
      sideOf(observation, { events: [probes(100), packets(times(100))] }),
      sideOf(observation),
    );
    assert.deepEqual(comparison.events, {
      notCompared: 'B: The events of this run are not in this workspace.',
    });
    const [objective] = part(comparison, 'judgement').objectives;
    assert.equal(objective?.comparison?.verdict, 'inconclusive');
    assert.equal(objective.b?.value, 200);
    const [way] = part(comparison, 'latency').ways;
    assert.equal(way?.comparison?.verdict, 'inconclusive');
    assert.equal(way.comparison.sentence, 'The signed events of B are not in this workspace.');
    assert.equal(part(comparison, 'latency').from, 'evidence');
    assert.ok(way.a?.link?.p90 !== undefined && way.b?.link?.p90 !== undefined);
  });

  it('are held against each other by all measurements: B is worse, or not', () => {
    const observation = { ...observationOf(), indicators: [QUICK] };
    const a = sideOf(observation, { events: [probes(100), packets(times(100))] });
    const b = sideOf(observation, { events: [probes(190), packets(times(190))] });
    const comparison = compared(a, b);
    const [objective] = part(comparison, 'judgement').objectives;
    assert.equal(objective?.comparison?.verdict, 'fail');
    assert.match(objective.comparison.sentence, /^Worse than A: /);
    const way = part(comparison, 'latency').ways.find(({ from, to }) => `${from}${to}` === 'n0n1');
    assert.equal(way?.comparison?.verdict, 'fail');
    assert.deepEqual(way.a?.link, { p50: 149, p95: 194, p99: 198, delivered: 116 });
    assert.equal(part(compared(b, a), 'latency').ways[0]?.comparison?.verdict, 'pass');
  });

  it('come to no verdict under other conditions or on a busy machine, whatever was measured', () => {
    const indicators = [QUICK];
    const events = [probes(100), packets(times(100))];
    const slow = [probes(300), packets(times(300))];
    const a = sideOf({ ...observationOf(), indicators }, { events });
    for (const [other, why] of [
      [observationOf({ plan: { params: { nodes: 3, latencyMs: [40, 90] } } }), /other conditions/],
      [observationOf({ degraded: true }), /too busy/],
    ] as const) {
      const comparison = compared(a, sideOf({ ...other, indicators }, { events: slow }));
      const [objective] = part(comparison, 'judgement').objectives;
      assert.equal(objective?.comparison?.verdict, 'inconclusive');
      assert.match(objective.comparison.sentence, why);
      const [way] = part(comparison, 'latency').ways;
      assert.equal(way?.comparison?.verdict, 'inconclusive');
    }
  });

  it('have outcome, cause and each invariant side by side', () => {
    const judgement = part(
      compared(sideOf(observationOf()), sideOf(observationOf({ outcome: 'fail' }))),
      'judgement',
    );
    assert.deepEqual(judgement.outcome, { a: 'pass', b: 'fail' });
    assert.deepEqual(judgement.cause, { b: 'n1: the Capsule signature does not match.' });
    const converged = judgement.invariants.find(({ name }) => name === 'converged');
    assert.deepEqual([converged?.a?.observed, converged?.b?.observed], ['held', 'violated']);
  });

  it('align phases of an upgrade by wave, and of a node that was killed by attempt', async () => {
    const upgraded = sideOf(await upgradeObservation());
    const moved = part(compared(upgraded, upgraded), 'phases').phases;
    const waves = moved.filter(({ nodeId, phase }) => nodeId === 'n1' && phase === 'stop');
    assert.equal(waves.length, 3);
    assert.equal(new Set(waves.map(({ wave }) => wave)).size, 3);
    assert.ok(waves.every(({ wave, attempt }) => wave > 0 && attempt === 1));

    const kill = { when: { atMs: 0 }, do: { kill: 'n2', restartAfterMs: 900 } };
    const killed = observationOf({ plan: { chaos: { preset: 'none', faults: [kill] } } });
    const boots = part(compared(sideOf(observationOf()), sideOf(killed)), 'phases').phases.filter(
      ({ nodeId, phase }) => nodeId === 'n2' && phase === 'boot',
    );
    assert.deepEqual(
      boots.map(({ attempt, a, b }) => [attempt, a !== undefined, b !== undefined]),
      [
        [1, true, true],
        [2, false, true],
      ],
    );
  });

  it('differ in services by what manifests say, and by the signed packs where one is not here', () => {
    const [orders, cache] = MANIFEST.services;
    assert.ok(orders && 'archive' in orders && cache);
    const archive = { digest: 'ab'.repeat(32), size: 4 };
    const more = { digest: 'cd'.repeat(32), size: 1 };
    const changed = { ...orders, commit: '3'.repeat(40), archive };
    const newer = {
      ...MANIFEST,
      services: [
        { ...changed, chunks: [...(orders.chunks ?? []), more] },
        { ...orders, name: 'payments' },
      ],
    };
    const [was, is] = [sideOf(observationOf()), sideOf(observationOf(), { manifest: newer })];
    const difference = part(compared(was, is), 'capsule');
    assert.equal(difference.from, 'manifest');
    assert.deepEqual(
      difference.services.map(({ service, status }) => [service, status]),
      [
        ['orders', 'changed'],
        ['cache', 'removed'],
        ['payments', 'added'],
      ],
    );
    const [ofOrders] = difference.services;
    assert.deepEqual(
      ofOrders?.changes.map(({ path }) => path),
      ['commit', 'archive.digest', 'archive.size'],
    );
    assert.deepEqual(ofOrders.chunks, { same: 1, a: 1, b: 2 });
    const byPack = part(compared(sideOf(observationOf(), { manifest: undefined }), is), 'capsule');
    assert.equal(byPack.from, 'pack');
    assert.deepEqual(
      byPack.services[0]?.changes.map(({ path }) => path),
      ['commit'],
    );
  });
});

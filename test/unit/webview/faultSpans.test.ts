import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeshEventBody } from '../../../src/model/events.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { FaultSpans, stretchesOf } from '../../../webview/run/faultSpans.ts';

type Told = readonly [at: number, body: MeshEventBody];
type Effects = NonNullable<NonNullable<PlanInput['chaos']>['faults']>[number]['do'][];

function spansOf(effects: Effects, ...told: Told[]): FaultSpans {
  const faults = effects.map((effect) => ({ when: { atMs: 0 }, do: effect }));
  const spans = new FaultSpans(
    planSchema.parse({ capsuleHash: 'a'.repeat(64), chaos: { faults } }),
  );
  const simId = '00000000-0000-4000-8000-000000000000';
  told.forEach(([at, body], seq) => spans.push({ ...body, at, seq, simId }));
  return spans;
}

function fault(
  index: number,
  status: 'fired' | 'acted' | 'healed' | 'not-applied',
  nodeId?: string,
): MeshEventBody {
  return { type: 'fault', fault: index, status, ...(nodeId === undefined ? {} : { nodeId }) };
}

const PAUSE = { pause: 'n2', services: ['orders'], forMs: 500 };
const DISK = { fillDisk: 'n2', forMs: 500 };

describe('what faults do to services, on lanes', () => {
  it('lasts from when the fault fires until its node says that it is over', () => {
    const { spans } = spansOf(
      [PAUSE],
      [100, fault(0, 'fired', 'n2')],
      [640, fault(0, 'healed', 'n2')],
    );
    assert.deepEqual(spans, [
      { fault: 0, node: 2, label: 'orders paused', brief: 'paused', start: 100, end: 640 },
    ]);
  });

  it('ends on each node by itself, and on all where no node tells of it', () => {
    const names = { dns: { nodes: ['n0', 'n1'], mode: 'fail' as const }, forMs: 9 };
    const { spans } = spansOf([names], [10, fault(0, 'fired')], [20, fault(0, 'healed', 'n1')]);
    assert.deepEqual(
      spans.map(({ node, end }) => [node, end]),
      [
        [0, Infinity],
        [1, 20],
      ],
    );
    const refused = { refuse: { from: ['n0'], to: ['n3'] }, forMs: 9 };
    const both = spansOf([refused], [10, fault(0, 'fired')], [30, fault(0, 'healed')]);
    assert.deepEqual(
      both.spans.map(({ node, end }) => [node, end]),
      [
        [0, 30],
        [3, 30],
      ],
    );
  });

  it('is nothing where it could not be done, and of faults that lanes show otherwise', () => {
    const told: Told[] = [
      [10, fault(0, 'fired', 'n2')],
      [11, fault(0, 'not-applied', 'n2')],
      [12, fault(1, 'fired')],
    ];
    assert.deepEqual(spansOf([DISK, { slow: 'n1', factor: 2 }], ...told).spans, []);
  });

  it('ends with the services of the run', () => {
    const told: Told[] = [
      [10, fault(0, 'fired', 'n2')],
      [50, { type: 'run', status: 'stopping' }],
    ];
    const spans = spansOf([DISK], ...told);
    assert.equal(spans.spans[0]?.end, 50);
    assert.deepEqual([spans.actingAt(2, 49).length, spans.actingAt(2, 50).length], [1, 0]);
  });

  it('is said together where several act on one node', () => {
    const { spans } = spansOf(
      [PAUSE, DISK],
      [100, fault(0, 'fired', 'n2')],
      [200, fault(1, 'fired', 'n2')],
      [300, fault(0, 'healed', 'n2')],
      [400, fault(1, 'healed', 'n2')],
    );
    assert.deepEqual(
      stretchesOf(spans, 2).map(({ start, end, words }) => [start, end, ...words]),
      [
        [100, 200, 'orders paused', 'paused'],
        [200, 300, 'orders paused, disk full', 'orders paused …', 'paused …'],
        [300, 400, 'disk full'],
      ],
    );
    assert.deepEqual(stretchesOf(spans, 1), []);
  });
});

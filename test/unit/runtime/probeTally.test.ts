import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeasuredBy } from '../../../src/model/measuredBy.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { ProbeTally } from '../../../src/runtime/real/probeTally.ts';
import { UpgradeTimes } from '../../../src/runtime/real/upgradeTimes.ts';

describe('runtime/real: what nodes saw of services', () => {
  const seen = (service: string, by: MeasuredBy, askedAt: number, passed = true) => ({
    by,
    to: [0],
    service,
    askedAt,
    elapsedMs: 5,
    passed,
  });
  const readyAt = () => 100;

  it('tells what was called apart from what was asked, and how many calls were not measured', () => {
    const tally = new ProbeTally();
    tally.add(seen('api', 'probes', 150));
    tally.add(seen('api', 'calls', 150));
    tally.add(seen('api', 'calls', 151, false));
    tally.addCalls({ service: 'api', nodes: [1], calls: [], dropped: 7 });
    const [asked, called] = tally.flush(1_000, readyAt);
    assert.deepEqual(asked, {
      type: 'probes',
      service: 'api',
      status: 'passed',
      latencyMs: [5],
      failed: 0,
    });
    assert.deepEqual(called, {
      type: 'probes',
      service: 'api',
      status: 'failed',
      details: '1 of 2 calls of "api" failed (n0)',
      latencyMs: [5],
      failed: 1,
      by: 'calls',
      dropped: 7,
    });
  });

  it('tells of an upgrade window by window: what was asked in one and answered in the next is of "mixed", and what came first of none', () => {
    const tally = new ProbeTally();
    for (const askedAt of [150, 250, 297, 298, 310, 497, 510]) {
      tally.add(seen('api', 'probes', askedAt));
    }
    const times = new UpgradeTimes({ placement: undefined, params: {} as Plan['params'] });
    times.hear({ type: 'window', window: 'before' }, 200);
    times.hear({ type: 'window', window: 'mixed' }, 300);
    times.hear({ type: 'window', window: 'after' }, 500);
    const told = tally.flush(1_000, readyAt, times);
    assert.deepEqual(
      told.map((event) => event.type === 'probes' && [event.window, event.latencyMs.length]),
      [
        ['before', 1],
        ['mixed', 4],
        ['after', 1],
      ],
    );
  });

  it('leaves out what was asked of a node in its own wave, if others served then', () => {
    const plan = { placement: { db: ['n0'] }, params: { nodes: 2 } as Plan['params'] };
    const times = new UpgradeTimes(plan);
    times.hear({ type: 'window', window: 'mixed' }, 100);
    const wave = { type: 'wave' as const, wave: 1, leg: 0, to: 'new' as const, nodes: ['n0'] };
    times.hear({ ...wave, status: 'begun' }, 200);
    times.hear({ ...wave, status: 'ok' }, 300);
    const windowOf = (service: string, node: number, askedAt: number) =>
      times.windowOf({ ...seen(service, 'probes', askedAt), to: [node] });
    assert.equal(windowOf('api', 0, 250), undefined);
    assert.equal(windowOf('api', 0, 198), undefined);
    assert.equal(windowOf('api', 0, 190), 'mixed');
    assert.equal(windowOf('api', 0, 301), 'mixed');
    assert.equal(windowOf('api', 1, 250), 'mixed');
    assert.equal(windowOf('db', 0, 250), 'mixed');
    times.halted(1);
    const ofHalted = { ...seen('api', 'probes', 400), to: [1] };
    assert.equal(times.windowOf({ ...ofHalted, over: 'protocol' }), undefined);
    assert.equal(times.windowOf({ ...ofHalted, over: 'wire' }), 'mixed');
  });

  it('tells what was asked over the wire apart from what was asked over the protocol, with the node that failed', () => {
    const tally = new ProbeTally();
    const answer = (a: number, b: number) =>
      tally.addAnswer({ type: 'effect', at: 200, kind: 10, a, b, c: 7_000 }, [{ name: 'api' }]);
    answer(1, 3);
    answer(2, 6);
    answer(1, 1);
    const [wire, protocol] = tally.flush(1_000, readyAt);
    const common = { type: 'probes', service: 'api', latencyMs: [7] } as const;
    assert.deepEqual(wire, {
      ...common,
      status: 'failed',
      details: '1 of 2 probes over the wire of "api" failed (n2)',
      failed: 1,
      over: 'wire',
    });
    assert.deepEqual(protocol, { ...common, status: 'passed', failed: 0 });
    assert.equal(tally.fewest([{ service: 'api', by: 'probes' }]), 3);
  });

  it('tells node by node whether services took connections while nodes were up and in no wave of theirs', () => {
    const tally = new ProbeTally(['api']);
    const times = new UpgradeTimes({
      placement: undefined,
      params: { nodes: 3 } as Plan['params'],
    });
    times.hear({ type: 'window', window: 'mixed' }, 100);
    const wave = { type: 'wave' as const, wave: 1, leg: 0, to: 'new' as const, nodes: ['n0'] };
    times.hear({ ...wave, status: 'begun' }, 200);
    times.hear({ ...wave, status: 'ok' }, 300);
    times.down(1, 400);
    times.serves(1, 500);
    const ask = (to: number, askedAt: number, more: object = {}) =>
      tally.add({ ...seen('api', 'probes', askedAt), over: 'wire', to: [to], ...more });
    ask(0, 150);
    ask(0, 250, { passed: false, refused: true });
    ask(0, 350, { passed: false, refused: true });
    ask(1, 350, { passed: false });
    ask(1, 450, { passed: false, elapsedMs: 3_000 });
    ask(1, 600, { passed: false, elapsedMs: 3_000 });
    tally.add(seen('api', 'probes', 150));
    tally.add({ ...seen('web', 'probes', 150), over: 'wire' });
    const told = tally.flush(5_000, readyAt, times);
    assert.deepEqual(
      told.flatMap((event) => (event.type === 'probes' ? [event.places] : [])),
      [
        [
          { nodeId: 'n0', asked: 2, refused: 1, unanswered: 0 },
          { nodeId: 'n1', asked: 2, refused: 0, unanswered: 1 },
        ],
        undefined,
        undefined,
      ],
    );
  });

  it('counts a call that reached none of several nodes once all of them were to serve', () => {
    const tally = new ProbeTally();
    const call = { at: 150, ms: 3_000, ok: false };
    tally.addCalls({
      service: 'api',
      nodes: [1, 2],
      calls: [call, { ...call, at: 90 }],
      dropped: 0,
    });
    const [called] = tally.flush(1_000, (node) => (node === 2 ? 100 : 0));
    assert.equal(called?.details, '1 of 1 calls of "api" failed (n1 or n2)');
  });

  it('has as many as the service that was seen least in a way it is to be seen in', () => {
    const tally = new ProbeTally();
    const api = { service: 'api', by: 'probes' } as const;
    tally.add(seen('api', 'probes', 150));
    tally.add(seen('api', 'probes', 151));
    tally.add(seen('api', 'calls', 150));
    tally.flush(1_000, readyAt);
    assert.equal(tally.fewest([api]), 2);
    assert.equal(tally.fewest([api, { service: 'api', by: 'calls' }]), 1);
    assert.equal(tally.fewest([api, { service: 'web', by: 'calls' }]), 0);
  });

  it('leaves out what came before a node was to serve, or after the measuring', () => {
    const tally = new ProbeTally();
    tally.add(seen('api', 'calls', 99));
    tally.end();
    tally.add(seen('api', 'calls', 200));
    assert.deepEqual(tally.flush(1_000, readyAt), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MeasuredBy } from '../../../src/model/measuredBy.ts';
import { ProbeTally } from '../../../src/runtime/real/probeTally.ts';

describe('runtime/real: what nodes saw of services', () => {
  const seen = (service: string, by: MeasuredBy, askedAt: number, passed = true) => ({
    by,
    to: 0,
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
    tally.addCalls(1, { type: 'calls', service: 'api', calls: [], dropped: 7 });
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

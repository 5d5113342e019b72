import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ProbeTally } from '../../../src/runtime/real/probeTally.ts';

describe('runtime/real: what nodes saw of services', () => {
  const seen = (service: string, askedAt: number, passed = true) => ({
    to: 0,
    service,
    askedAt,
    elapsedMs: 5,
    passed,
  });
  const readyAt = () => 100;

  it('says of calls that they are calls, and how many were not measured', () => {
    const tally = new ProbeTally(['api']);
    tally.add(seen('web', 150));
    tally.add(seen('api', 150));
    tally.add(seen('api', 151, false));
    tally.drop('api', 7);
    const [web, api] = tally.flush(1_000, readyAt);
    assert.deepEqual(web, {
      type: 'probes',
      service: 'web',
      status: 'passed',
      latencyMs: [5],
      failed: 0,
    });
    assert.deepEqual(api, {
      type: 'probes',
      service: 'api',
      status: 'failed',
      details: '1 of 2 calls of "api" failed (n0)',
      latencyMs: [5],
      failed: 1,
      by: 'calls',
      dropped: 7,
    });
    assert.equal(tally.fewest(['web', 'api']), 1);
  });

  it('leaves out what came before a node was to serve, or after the measuring', () => {
    const tally = new ProbeTally(['api']);
    tally.add(seen('api', 99));
    tally.end();
    tally.add(seen('api', 200));
    assert.deepEqual(tally.flush(1_000, readyAt), []);
  });
});

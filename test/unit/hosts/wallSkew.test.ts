import assert from 'node:assert/strict';
import { wallSkewMs } from '../../../src/runtime/hosts/remote/wallSkew.ts';

describe('how far the wall clock of a host is ahead', () => {
  it('does not depend on how long what the host said was under way', () => {
    const said = { wallMs: 1_000_250, monotonicMs: 90_000 };
    // Its monotonic clock showed 90 s when the one here showed 50 s, and the wall clock here 1,000 s.
    for (const underWayMs of [0, 25, 4_000]) {
      const here = { wall: () => 1_000_000 + underWayMs, monotonic: () => 50_000 + underWayMs };
      assert.equal(wallSkewMs(said, 40_000, here), 250);
    }
  });
});

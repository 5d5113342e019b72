import assert from 'node:assert/strict';
import { faultsBeyond, needsOf } from '../../../src/model/faultNeeds.ts';
import { planSchema } from '../../../src/model/plan.ts';

const { chaos } = planSchema.parse({
  capsuleHash: 'ab'.repeat(32),
  params: { nodes: 3 },
  chaos: {
    faults: [
      { when: { atMs: 1 }, do: { kill: 'n1', restartAfterMs: 1 } },
      { when: { atMs: 1 }, do: { pause: 'n1', forMs: 9 } },
      { when: { atMs: 1 }, do: { dns: { nodes: ['n0'], mode: 'fail' }, forMs: 9 } },
      { when: { atMs: 1 }, do: { refuse: { from: ['n0'], to: ['n1'] }, forMs: 9 } },
    ],
  },
});

describe('what faults take of the machine', () => {
  it('is asked for only where some fault takes it', () => {
    assert.deepEqual(needsOf(chaos, 3), ['signals', 'network', 'wire']);
    assert.deepEqual(needsOf({ preset: 'crash-mid-deploy' }, 3), []);
  });

  it('is said of each fault that it cannot have, with the reason', () => {
    assert.deepEqual(faultsBeyond({}, chaos, 3), []);
    assert.deepEqual(faultsBeyond({ network: 'it takes unshare', disk: 'no memory' }, chaos, 3), [
      'Fault 2 (dns) cannot be applied, since nodes get no network of their own here: it takes unshare. It does not count as chaos.',
    ]);
  });
});

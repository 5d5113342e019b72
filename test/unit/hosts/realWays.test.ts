import assert from 'node:assert/strict';
import type { PlanInput } from '../../../src/model/plan.ts';
import { heldByWays, requireRates } from '../../../src/runtime/hosts/requireRates.ts';
import { fourNodes as plan, refusal } from '../../support/hostPlans.ts';

describe('a plan over real ways', () => {
  const ways = [
    { nodeId: 'n1', host: 'edge', mbps: 19.2 },
    { nodeId: 'n2', host: 'box', mbps: undefined },
  ];
  const sentence = (choice: Partial<PlanInput>) => refusal(() => requireRates(plan(choice), ways));

  it('asks no link for more than they carry, from uplinks neither, and at no time', () => {
    requireRates(plan(), ways);
    requireRates(plan({ bandwidth: { model: 'link', mbps: 19 } }), ways);
    assert.equal(
      sentence({ bandwidth: { model: 'link', mbps: 40 } }),
      'edge carries 19 Mbit/s; the plan gives n0–n1 40 Mbit/s: lower its bandwidth, or choose other hosts.',
    );
    assert.match(sentence({ bandwidth: { model: 'uplink', mbps: 20 } }), /n0–n1 20 Mbit\/s/);
    const faster = { degradeLink: { from: 'n1', to: 'n3', rateBitsPerSecond: 5e7 } };
    const chaos = { faults: [{ when: { atMs: 50 }, do: faster }] };
    assert.match(
      sentence({ bandwidth: { model: 'link', mbps: 1 }, chaos }),
      /^edge carries 19 Mbit\/s; the plan gives n1–n3 50 Mbit\/s/,
    );
  });

  it('asks none where a last mile lets no more through', () => {
    const bandwidth = { model: 'link', mbps: 40 } as const;
    requireRates(plan({ bandwidth, access: { n1: 'slow-3g' } }), ways);
    const text = sentence({ bandwidth, access: { n2: '4g' } });
    assert.match(text, /^edge carries 19 Mbit\/s; the plan gives n0–n1 40 Mbit\/s/);
  });

  it('says which links they hold to a rate', () => {
    assert.deepEqual(heldByWays(plan({ bandwidth: { model: 'link', mbps: 1 } }), ways), []);
    assert.deepEqual(heldByWays(plan(), ways), [
      {
        nodeId: 'n1',
        text: 'The plan gives links of n1 no bandwidth: they carry 19 Mbit/s at most, as the way to edge does.',
      },
    ]);
  });
});

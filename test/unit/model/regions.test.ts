import assert from 'node:assert/strict';
import {
  REGION_RTT_MS,
  regionOf,
  REGIONS,
  regionRttMs,
  regionTopology,
  USUAL_REGIONS,
} from '../../../src/model/regions.ts';
import { topologySchema } from '../../../src/model/topology.ts';

describe('the table of regions', () => {
  it('has ids and airports that mean one region each', () => {
    const names = REGIONS.flatMap(({ id, airport }) => [id, airport]);
    assert.equal(new Set(names).size, names.length);
    assert.equal(new Set(REGIONS.map(({ name }) => name)).size, REGIONS.length);
  });

  it('has a time for each pair, which is nearly the same from either side', () => {
    assert.equal(REGION_RTT_MS.length, REGIONS.length);
    for (const [from, row] of REGION_RTT_MS.entries()) {
      assert.equal(row.length, REGIONS.length);
      for (const [to, ms] of row.entries()) {
        assert.equal(ms > 0, from !== to, `${from} to ${to}`);
        // Both sides measure it on their own: the source differs by up to 21 ms.
        assert.ok(Math.abs(ms - (REGION_RTT_MS[to]?.[from] ?? 0)) <= 21, `${from} to ${to}`);
      }
    }
  });

  it('finds a region by its id and by an airport, in any case', () => {
    assert.equal(regionOf('deu')?.name, 'Germany West Central');
    assert.equal(regionOf('FRA')?.id, 'deu');
    assert.equal(regionOf('nowhere'), undefined);
  });

  it('makes a topology that needs no table', () => {
    assert.deepEqual(regionTopology(USUAL_REGIONS), {
      kind: 'regions',
      regions: ['deu', 'use', 'sgp'],
      rttMs: [
        [1, 97, 179],
        [97, 1, 229],
        [179, 229, 1],
      ],
    });
    const all = regionTopology(REGIONS.map(({ id }) => id));
    assert.deepEqual(topologySchema.parse(all), all);
  });

  it('gives nodes of one region that is named twice no way around the world', () => {
    assert.equal(regionTopology(['use', 'use', 'sgp']).rttMs[0]?.[1], 1);
    assert.throws(() => regionRttMs('use', 'mars'), RangeError);
  });
});

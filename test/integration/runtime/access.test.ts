import assert from 'node:assert/strict';
import { shortestDelay } from '../../../src/model/linkMeasures.ts';
import { ACCESS_OF_PRESET } from '../../../src/model/accessPresets.ts';
import { ON_HOST, rehearse, type RealRun } from '../../support/realRun.ts';
import { createTinyProduct, healthyService, type TinyProduct } from '../../support/tinyProduct.ts';

/** One-way delay of the path, ms. */
const PATH_MS = 10;

describe('runtime/real: nodes with a last mile', () => {
  let tiny: TinyProduct;
  let run: RealRun;
  before(async () => {
    tiny = await createTinyProduct([healthyService('api')]);
    run = await rehearse(
      tiny,
      { params: { nodes: 2, latencyMs: [PATH_MS, PATH_MS] }, access: { n1: 'geostationary' } },
      ON_HOST,
    );
  });
  after(() => tiny.dispose());

  it('are as far from others as path and last mile together, both ways', () => {
    const { observation } = run;
    assert.equal(observation.outcome, 'pass', observation.cause);
    const { delay } = ACCESS_OF_PRESET.geostationary;
    const planned = PATH_MS + (delay === undefined ? 0 : shortestDelay(delay));
    const [[, there = 0] = [], [back = 0] = []] = observation.latencyMatrix;
    assert.ok(there >= planned && back >= planned, `measured ${there} and ${back} ms`);
    assert.ok(there + back >= 620, 'the round trip was shorter than its path and the satellite');
  });

  it('have a plan with their figures', () => {
    assert.deepEqual(run.observation.plan.access, { n1: ACCESS_OF_PRESET.geostationary });
  });
});

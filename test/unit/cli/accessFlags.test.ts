import assert from 'node:assert/strict';
import { accessFlag } from '../../../src/cli/accessFlags.ts';
import { applyFlags } from '../../../src/cli/planFlags.ts';
import { ACCESS_OF_PRESET } from '../../../src/model/accessPresets.ts';
import { topologyWords } from '../../../src/model/topologyWords.ts';
import { parsePlan } from '../../../src/studio/runs/planFile.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

const CAPSULE = 'ab'.repeat(32);

describe('the access links of --access', () => {
  it('are figures in the plan, by the name of their preset for people', async () => {
    const flags = { access: ['n1=starlink', 'n0=3g'], regions: 'deu,use' };
    const plan = parsePlan({ ...(await applyFlags({}, flags)), capsuleHash: CAPSULE }, 'plan');
    assert.deepEqual(plan.access, { n1: ACCESS_OF_PRESET.starlink, n0: ACCESS_OF_PRESET['3g'] });
    assert.equal(topologyWords(plan), 'regions (deu, use), access n1 starlink, n0 3g');
  });

  it('are refused as anything else in one sentence of the plan file', () => {
    assert.throws(
      () => parsePlan({ capsuleHash: CAPSULE, access: { n1: 'dial-up' } }, 'plan.json'),
      isMeshSimError(
        'plan-invalid',
        /^plan\.json: access\.n1: no such access link: name one of slow-3g, /,
      ),
    );
  });

  const refused: [string[], RegExp][] = [
    [['n1'], /--access n1: expected node=preset, such as n3=starlink/],
    [
      ['n1=dial-up'],
      /--access n1=dial-up: expected one of slow-3g, 3g, 4g, starlink, geostationary/,
    ],
    [['n1=3g', 'n1=4g'], /--access n1=4g: expected n1 once/],
  ];
  for (const [values, sentence] of refused) {
    it(`are refused as ${values.join(' ')}`, () => {
      assert.throws(() => accessFlag(values), isMeshSimError('usage', sentence));
    });
  }
});

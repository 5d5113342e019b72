import assert from 'node:assert/strict';
import { planRequest } from '../../../src/host/planRequest.ts';
import { startRequestSchema } from '../../../src/model/api.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

const CAPSULE = '5'.repeat(64);

describe('a saved plan as a request', () => {
  it('is what the API takes', () => {
    const text = JSON.stringify({ $schema: './x.json', capsuleHash: CAPSULE, seed: 7 });

    const request = planRequest(text, 'a.meshplan.json');

    assert.equal(startRequestSchema.parse(request).seed, 7);
  });

  it('is refused with the name of the file', () => {
    assert.throws(
      () => planRequest('{', 'a.meshplan.json'),
      isMeshSimError('plan-invalid', /not a plan in JSON/),
    );
    assert.throws(
      () => planRequest('{"seed": 1}', 'a.meshplan.json'),
      /a\.meshplan\.json: capsule/,
    );
  });
});

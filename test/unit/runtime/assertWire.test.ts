import { rejects } from 'node:assert/strict';
import { assertWire } from '../../../src/runtime/real/assertWire.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

describe('a plan that takes a wire, where namespaces are turned off', () => {
  it('is refused with what needs it and the way out', async () => {
    const off = (by: 'placement' | 'beside') => assertWire({ namespace: 'off' }, { door: '' }, by);
    await rejects(
      off('placement'),
      isMeshSimError(
        'plan-invalid',
        /^The plan places services .*Remove "placement" from the plan/,
      ),
    );
    await rejects(
      off('beside'),
      isMeshSimError(
        'plan-invalid',
        /^With "blue-green" a node has two networks .*turned namespaces off.* Take "rolling", "canary" or "all-at-once"/,
      ),
    );
  });
});

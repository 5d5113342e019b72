import assert from 'node:assert/strict';
import { wantedLinks } from '../../../src/cli/linkFlags.ts';

describe('--open', () => {
  it('names a service, its port and a node, and a port of this machine if one is wanted', () => {
    const open = ['gateway.http@n0', '8080:order-api.http@n10'];
    assert.deepEqual(wantedLinks({ open }), [
      { target: { service: 'gateway', port: 'http', nodeId: 'n0' }, at: 0 },
      { target: { service: 'order-api', port: 'http', nodeId: 'n10' }, at: 8080 },
    ]);
    assert.deepEqual(wantedLinks({}), []);
  });

  const unclear = ['gateway', 'gateway@n0', 'gateway.http', 'gateway.http@7', 'gateway.http@n00'];
  for (const value of [...unclear, '70000:a.b@n0']) {
    it(`refuses ${value} with an example`, () => {
      assert.throws(() => wantedLinks({ open: [value] }), {
        code: 'usage',
        message: /^--open .*such as gateway\.http@n0/,
      });
    });
  }

  it('refuses to open a port twice', () => {
    const open = ['gateway.http@n0', '8080:gateway.http@n0'];
    assert.throws(() => wantedLinks({ open }), { code: 'usage', message: /8080:gateway.* once/ });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { meshNames } from '../../../src/agent/box/meshNames.ts';
import { registryPorts } from '../../../src/agent/services/servicePorts.ts';

describe('names of the mesh inside a box', () => {
  const addressOf = meshNames(1, 3, ['orders', 'payments']);

  it('stand for nodes, for services of nodes, and for the services of this node', () => {
    const found = [
      'n2',
      'n2.mesh',
      'orders.n0',
      'orders.n0.mesh',
      'N0.',
      'n1',
      'orders',
      'orders.n1',
    ];
    assert.deepEqual(found.map(addressOf), [
      ...['10.99.0.3', '10.99.0.3', '10.99.0.1', '10.99.0.1', '10.99.0.1'],
      ...['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ]);
  });

  it('are no others', () => {
    for (const name of ['n3', 'mesh', '', '.mesh', 'ledger', 'n0.orders', 'orders.n0.example'])
      assert.equal(addressOf(name), undefined, name);
  });
});

describe('ports inside a box', () => {
  it('are those of the registry', () => {
    const services = [
      { name: 'orders', ports: { http: 7_302, metrics: 9_100 } },
      { name: 'payments', ports: { http: 7_303 } },
    ];
    assert.deepEqual(registryPorts(services), {
      orders: { http: 7_302, metrics: 9_100 },
      payments: { http: 7_303 },
    });
  });

  it('are not where two services have the same one', () => {
    const ports = { http: 4_000 };
    assert.equal(
      registryPorts([
        { name: 'a', ports },
        { name: 'b', ports },
      ]),
      undefined,
    );
  });
});

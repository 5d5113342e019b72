import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { meshNames } from '../../../src/agent/box/meshNames.ts';
import { registryPorts } from '../../../src/agent/services/servicePorts.ts';

describe('names of the mesh inside a box', () => {
  const places = { orders: [2, 0, 1], payments: [2, 0] };
  const addressesOf = meshNames({ index: 1, nodes: 3, places });

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
    const addresses = [
      ...['10.99.0.3', '10.99.0.3', '10.99.0.1', '10.99.0.1', '10.99.0.1'],
      ...['127.0.0.1', '127.0.0.1', '127.0.0.1'],
    ];
    assert.deepEqual(
      found.map(addressesOf),
      addresses.map((address) => [address]),
    );
  });

  it('stand for every node that runs a service which does not run here, in the order given', () => {
    assert.deepEqual(addressesOf('payments'), ['10.99.0.3', '10.99.0.1']);
    assert.deepEqual(addressesOf('payments.n2'), ['10.99.0.3']);
    assert.equal(addressesOf('payments.n1'), undefined);
  });

  it('are no others', () => {
    for (const name of ['n3', 'mesh', '', '.mesh', 'ledger', 'n0.orders', 'orders.n0.example'])
      assert.equal(addressesOf(name), undefined, name);
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

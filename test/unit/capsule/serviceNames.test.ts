import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fillCommand } from '../../../src/capsule/commandPlaceholders.ts';
import { resolveEnv, type PlaceholderValues } from '../../../src/capsule/placeholders.ts';
import { namesReplaced } from '../../../src/capsule/serviceNames.ts';

describe('capsule: names of services where no name server knows them', () => {
  const services = [
    { name: 'orders', ports: { http: 7302, admin: 7312 } },
    { name: 'pay.v2', ports: { http: 80 } },
  ];
  const here = { orders: { http: 20_001, admin: 20_002 }, 'pay.v2': { http: 20_003 } };
  const named = namesReplaced(services, here);

  const cases: [text: string, becomes: string][] = [
    ['http://orders:7302', 'http://127.0.0.1:20001'],
    ['http://orders:7312/a?b=c', 'http://127.0.0.1:20002/a?b=c'],
    ['orders:7302,orders.mesh:7312', '127.0.0.1:20001,127.0.0.1:20002'],
    ['tcp://user:secret@orders:7302/db', 'tcp://user:secret@127.0.0.1:20001/db'],
    ['http://pay.v2:80', 'http://127.0.0.1:20003'],
    // What a placeholder for the port has become already.
    ['http://orders:20001', 'http://127.0.0.1:20001'],
  ];
  for (const [text, becomes] of cases) {
    it(`are replaced with their port: ${text}`, () => assert.equal(named(text), becomes));
  }

  for (const text of [
    'http://orders:73020',
    'http://orders:7303',
    'http://orders',
    'http://my-orders:7302',
    'http://old.orders:7302',
    'http://orders.example:7302',
    'http://payxv2:80',
  ]) {
    it(`are left alone where something else is meant: ${text}`, () =>
      assert.equal(named(text), text));
  }

  it('are replaced in env and commands, after placeholders', () => {
    const values: PlaceholderValues = {
      ports: {},
      servicePorts: here,
      ...{ nodeId: 'n0', hostPath: '', hostHome: '', stateFolder: '' },
      mesh: { address: '127.0.0.1', peers: () => [], named },
    };
    const env = { URL: 'http://orders:${service:orders.http}' };
    assert.deepEqual(resolveEnv({ name: 'web', ports: {}, env }, values), {
      URL: 'http://127.0.0.1:20001',
    });
    assert.deepEqual(fillCommand(['web', '--orders=orders:7302'], values), [
      'web',
      '--orders=127.0.0.1:20001',
    ]);
    assert.equal(fillCommand('curl orders:7302', values), 'curl 127.0.0.1:20001');
  });
});

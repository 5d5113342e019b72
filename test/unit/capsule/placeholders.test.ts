import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resolveEnv, unknownPlaceholders } from '../../../src/capsule/placeholders.ts';

const VALUES = {
  ports: { http: 4001 },
  servicePorts: { orders: { http: 4002, admin: 4003 } },
  nodeId: 'n3',
  hostPath: '/usr/bin',
};

function resolveText(text: string): string {
  const service = { name: 'gateway', ports: { http: 1 }, env: { TEXT: text } };
  return resolveEnv(service, VALUES).TEXT ?? '';
}

describe('placeholders', () => {
  const cases: [string, string][] = [
    ['${port:http}', '4001'],
    [
      'http://127.0.0.1:${service:orders.http}/x?${service:orders.admin}',
      'http://127.0.0.1:4002/x?4003',
    ],
    ['${node.id}:${host.path}', 'n3:/usr/bin'],
    ['$${port:http} and ${port:http}', '${port:http} and 4001'],
    ['$5 {port:http} $ {} $', '$5 {port:http} $ {} $'],
    ['$$${node.id}', '$${node.id}'],
  ];
  for (const [text, expected] of cases) {
    it(`resolves ${text}`, () => assert.equal(resolveText(text), expected));
  }

  const unknown = [
    '${port:https}',
    '${service:orders.https}',
    '${service:nobody.http}',
    '${service:orders.http.x}',
    '${service:orders}',
    '${HOME}',
    '${port:http',
    '${}',
    '${port:constructor}',
    '${service:__proto__.http}',
  ];
  for (const text of unknown) {
    it(`refuses ${text} with service, variable and placeholder named`, () => {
      assert.throws(
        () => resolveText(text),
        (error: Error) => {
          assert.match(error.message, /Service "gateway" uses .* in env\.TEXT/);
          return error.message.includes(text.slice(0, 6));
        },
      );
    });
  }

  it('finds every unknown placeholder of a registry before anything runs', () => {
    const service = {
      name: 'gateway',
      ports: { http: 1 },
      env: { A: '${port:http}${port:tls}', B: '${service:orders.http}${nope}' },
    };
    assert.deepEqual(
      unknownPlaceholders(service, [service, { name: 'orders', ports: { http: 2 } }]),
      [
        { variable: 'A', placeholder: '${port:tls}' },
        { variable: 'B', placeholder: '${nope}' },
      ],
    );
  });

  it('leaves text without "${" exactly as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        assert.equal(resolveText(text), text);
      }),
    );
  });
});

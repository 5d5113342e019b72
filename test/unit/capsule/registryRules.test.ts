import assert from 'node:assert/strict';
import {
  CHECK,
  GATEWAY,
  measured,
  ORDERS,
  productOf,
  REDIS,
  refusal,
  withCheck,
  withOrders,
} from '../../support/registries.ts';

describe('rules of a service registry', () => {
  const rules: [string, unknown, RegExp][] = [
    [
      'a service twice',
      productOf(ORDERS, ORDERS),
      /services\[1\]\.name "orders" is already the name of services\[0\]/,
    ],
    [
      'an unknown dependency',
      productOf(GATEWAY),
      /services\[0\]\.dependsOn\[0\] is "orders", which is no service/,
    ],
    [
      'a cycle',
      productOf({ ...ORDERS, dependsOn: ['gateway'] }, GATEWAY),
      /orders -> gateway -> orders/,
    ],
    ['a service that waits for itself', withOrders({ dependsOn: ['orders'] }), /orders -> orders/],
    [
      'a health port that is not declared',
      withOrders({ health: { tcp: { port: 'admin' } } }),
      /services\[0\]\.health\.tcp\.port is "admin"/,
    ],
    [
      'a one-shot service that is asked',
      withOrders({ once: true }),
      /services\[0\]\.health asks a one-shot service .*leave it out/,
    ],
    [
      'a service that runs on and is not asked',
      productOf({ ...GATEWAY, dependsOn: [], env: {}, health: undefined }),
      /services\[0\]\.health must have exactly one of/,
    ],
    [
      'answers of a one-shot service',
      productOf(measured({}, { once: true, health: undefined }), GATEWAY),
      /objectives\[0\]\.metric is "latency-p95-ms", which takes answers/,
    ],
    [
      'an unknown placeholder',
      withOrders({ env: { URL: 'http://${host}' } }),
      /services\[0\]\.env\.URL uses \$\{host\}, .* \(line 1, column \d+\)\.$/,
    ],
    [
      'a secret that is public',
      withOrders({ secrets: ['PORT'] }),
      /names "PORT" both in env and in secrets/,
    ],
    [
      'a deadline of a build that is not there',
      withOrders({ buildDeadlineMs: 1_000 }),
      /services\[0\]\.buildDeadlineMs is for a build, and the service has none: add "build" or remove it/,
    ],
    [
      'a secret of a build that is public',
      withOrders({ build: ['true'], buildSecrets: ['PORT'] }),
      /names "PORT" both in env and in buildSecrets/,
    ],
    [
      'starts that are to be measured by calls',
      productOf(measured({ metric: 'time-to-healthy-ms', measuredBy: 'calls' }), GATEWAY),
      /services\[0\]\.objectives\[0\]\.measuredBy is "calls", but "time-to-healthy-ms" follows from starts/,
    ],
    [
      'probes of a service whose health is a command',
      productOf(measured({ measuredBy: 'probes' }, { health: { command: ['true'] } }), GATEWAY),
      /measuredBy is "probes", but services\[0\]\.health is a command, which other nodes cannot ask/,
    ],
    [
      'calls of a service without a port',
      productOf(
        measured({ measuredBy: 'calls' }, { ports: {}, env: {}, health: { command: ['true'] } }),
        GATEWAY,
      ),
      /measuredBy is "calls", but services\[0\]\.ports is empty, so that nobody can call "orders"/,
    ],
    [
      'calls of the only service',
      productOf(measured({ measuredBy: 'calls' })),
      /there is no other service that could call "orders"/,
    ],
    [
      'a check of an unknown window',
      withCheck({ when: ['meanwhile'] }),
      /checks\[0\]\.when\[0\] is "meanwhile" \(must be a window of an upgrade: "before", "mixed", "rolled-back" or "after"/,
    ],
    [
      'a check on something else than a node',
      withCheck({ on: 'all' }),
      /checks\[0\]\.on is "all" \(must be "each-node", or a node such as "n0"/,
    ],
    [
      'a check of an unknown service',
      withCheck({ service: 'order' }),
      /checks\[0\]\.service is "order", which is no service here: correct it to one of orders/,
    ],
    [
      'a check of a program of the machine',
      { ...withCheck({ service: REDIS.name }), services: [ORDERS, REDIS] },
      /checks\[0\]\.service is ".*", a program of the machine, which has no content to run a check in/,
    ],
    [
      'a check that has an unknown placeholder',
      withCheck({ run: ['check', '${port:nope}'] }),
      /checks\[0\]\.run uses \$\{port:nope\}/,
    ],
    [
      'a workload of an unknown service',
      { ...productOf(ORDERS), workload: { service: 'order', run: ['node', 'load.mjs'] } },
      /workload\.service is "order", which is no service here: correct it to one of orders/,
    ],
    [
      'two checks of one name',
      { ...productOf(ORDERS), checks: [CHECK, CHECK] },
      /checks\[1\]\.name "kept" is already the name of checks\[0\]: rename one of them/,
    ],
  ];
  for (const [what, content, expected] of rules) {
    it(`with ${what} is refused`, async () => assert.match(await refusal(content), expected));
  }

  const outside: [object, RegExp][] = [
    [{ path: '..' }, /services\[0\]\.path "\.\." leaves its repository/],
    [{ path: 'a/../../b' }, /leaves its repository/],
    [{ path: '/srv/orders' }, /is absolute/],
    [{ path: 'C:\\orders' }, /is absolute/],
    [{ path: 'services\\orders' }, /backslash/],
    [{ repo: '/srv/repo' }, /services\[0\]\.repo "\/srv\/repo" is absolute/],
    [{ repo: '\\\\host\\share' }, /is absolute/],
  ];
  for (const [changes, expected] of outside) {
    it(`with ${JSON.stringify(changes)} is refused`, async () => {
      assert.match(await refusal(withOrders(changes), 'path-outside'), expected);
    });
  }
});

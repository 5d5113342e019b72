import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { readRegistry } from '../../../src/capsule/registryFile.ts';
import { jsonSchemaOf, SCHEMA_FILES } from '../../../src/model/jsonSchemas.ts';
import { sourceServices } from '../../../src/model/registry.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { sentenceOf } from '../../support/rejection.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

const ORDERS = {
  name: 'orders',
  path: 'services/orders',
  start: ['node', 'server.mjs'],
  env: { PORT: '${port:http}' },
  ports: { http: 7302 },
  health: { http: { port: 'http', path: '/healthz' } },
};
const GATEWAY = { ...ORDERS, name: 'gateway', path: 'services/gateway', dependsOn: ['orders'] };

const REDIS = {
  ...{ name: 'cache', program: { requires: 'redis-server', version: '>=7' } },
  ...{ start: ['redis-server'], health: { command: ['true'] } },
};

const measured = (objective: object, changes: object = {}) => ({
  ...ORDERS,
  ...changes,
  objectives: [
    { name: 'quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 50, ...objective },
  ],
});

const productOf = (...services: unknown[]) => ({ name: 'harbor-pay', services });
const withOrders = (changes: object) => productOf({ ...ORDERS, ...changes });

const CHECK = { name: 'kept', service: 'orders', run: ['node', 'check.mjs'] };
const withCheck = (changes: object) => ({
  ...productOf(ORDERS),
  checks: [{ ...CHECK, ...changes }],
});

describe('service registry', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
    file = path.join(folder, 'mesh.services.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function refusal(content: unknown, code: ErrorCode = 'registry-invalid'): Promise<string> {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const sentence = await sentenceOf(code, readRegistry(file));
    assert.ok(sentence.includes(file), 'names the file');
    return sentence;
  }

  it('is read with its defaults filled in and its paths in one form', async () => {
    await writeFile(
      file,
      JSON.stringify(productOf({ ...ORDERS, path: './services//orders/', repo: '../other/' })),
    );
    const { registry, folder: base } = await readRegistry(file);
    const [orders] = sourceServices(registry);
    assert.equal(base, folder);
    assert.deepEqual(
      [orders?.repo, orders?.path, orders?.commit],
      ['../other', 'services/orders', 'HEAD'],
    );
    assert.deepEqual([orders?.dependsOn, orders?.secrets, orders?.objectives], [[], [], []]);
  });

  it('of the example is valid', async () => {
    const { registry } = await readRegistry(
      path.join(ROOT, 'examples/harbor-pay/mesh.services.json'),
    );
    assert.deepEqual(
      registry.services.map(({ name }) => name),
      ['payments', 'orders', 'gateway'],
    );
  });

  it('may start with a byte order mark', async () => {
    await writeFile(file, `\uFEFF${JSON.stringify(productOf(ORDERS))}`);
    assert.equal((await readRegistry(file)).registry.name, 'harbor-pay');
  });

  it('may have its services measured by probes and by calls', async () => {
    const both = [
      ...measured({ measuredBy: 'calls' }).objectives,
      ...measured({ name: 'asked', measuredBy: 'probes' }).objectives,
    ];
    await writeFile(file, JSON.stringify(productOf({ ...ORDERS, objectives: both }, GATEWAY)));
    const { registry } = await readRegistry(file);
    assert.deepEqual(
      registry.services[0]?.objectives.map(({ measuredBy }) => measuredBy),
      ['calls', 'probes'],
    );
  });

  it('that says nothing of how it is measured gives a Capsule the very words it always gave', async () => {
    await writeFile(file, JSON.stringify(productOf(measured({}), GATEWAY)));
    const { registry } = await readRegistry(file);
    // What a Capsule's hash covers of a registry, as the release before the key "measuredBy" wrote it.
    assert.equal(
      sha256Hex(canonicalBytes(registry.services)),
      '8ceb37c112ae6615beeee6e794fe12b48fd42720a81e34f32cc60b9e563bd9b6',
    );
  });

  it('gives of a program of the machine what it requires, and no content', async () => {
    await writeFile(file, JSON.stringify(productOf(ORDERS, REDIS)));
    const { registry } = await readRegistry(file);
    // What a Capsule's hash covers of it.
    assert.equal(
      Buffer.from(canonicalBytes(registry.services[1])).toString(),
      '{"dependsOn":[],"env":{},"health":{"command":["true"],"deadlineMs":20000,"intervalMs":200,"timeoutMs":2000},"name":"cache","objectives":[],"ports":{},"program":{"requires":"redis-server","version":">=7"},"secrets":[],"start":["redis-server"]}',
    );
  });

  it('that is missing is asked for', async () => {
    assert.match(
      await sentenceOf('registry-invalid', readRegistry(file)),
      /no service registry at .*create it/,
    );
  });

  it('that is a folder cannot be read', async () => {
    assert.match(await sentenceOf('registry-invalid', readRegistry(folder)), /cannot be read/);
  });

  const notJson: [string, RegExp][] = [
    ['{\n  "name": "x",\n  services: []\n}', /not JSON at line 3, column 3/],
    ['{"name": "x"', /not JSON at line 1, column 13/],
    ['', /not JSON at line 1, column 1/],
    ['{"name": "x",}', /not JSON at line 1, column 14/],
    ['{\n"name": "x\n"}', /not JSON at line 2, column 11/],
    ['\u0000\u0001', /not JSON at line 1, column 1/],
    ['{"a": [1,\n 2],\n "b": nul, "c": [1]}', /not JSON at line 3, column 10/],
    ['{"a": 1} x', /not JSON at line 1, column 10/],
  ];
  for (const [text, expected] of notJson) {
    it(`that is not JSON is located: ${JSON.stringify(text)}`, async () => {
      assert.match(await refusal(text), expected);
    });
  }

  const schema: [string, unknown, RegExp][] = [
    [
      'an unknown key',
      { ...productOf(ORDERS), servces: [] },
      /the registry has the unknown key "servces"/,
    ],
    [
      'an unknown key in a service',
      withOrders({ command: 'x' }),
      /services\[0\] has the unknown key "command"/,
    ],
    [
      'an unknown key in health',
      withOrders({ health: { http: { port: 'http' }, retries: 3 } }),
      /services\[0\]\.health has the unknown key "retries"/,
    ],
    [
      'an unknown key in a probe',
      withOrders({ health: { http: { port: 'http', url: 'x' } } }),
      /services\[0\]\.health\.http has the unknown key "url"/,
    ],
    ['a missing name', { services: [ORDERS] }, /name is missing/],
    [
      'the program of a service that is packed',
      withOrders({ start: ['${program}'] }),
      /services\[0\]\.start uses \$\{program\}, which means nothing here/,
    ],
    [
      'a program that start leaves alone',
      productOf(ORDERS, { ...REDIS, start: ['python3', '-m', 'http.server'] }),
      /services\[1\]\.start does not execute "redis-server", the program that is required: make it a list/,
    ],
    [
      'a program that a shell would look for by itself',
      productOf(ORDERS, { ...REDIS, start: 'exec redis-server $${program}' }),
      /services\[1\]\.start does not execute "redis-server"/,
    ],
    [
      'a program with a path',
      productOf(ORDERS, { ...REDIS, path: 'cache' }),
      /services\[1\] is .* \(must have either a "path" in git or a "program" of the machine\)/,
    ],
    [
      'a program with a build',
      productOf(ORDERS, { ...REDIS, build: 'make' }),
      /services\[1\] has the unknown key "build"/,
    ],
    [
      'a program by its path',
      productOf(ORDERS, { ...REDIS, program: { requires: '/usr/bin/redis-server' } }),
      /services\[1\]\.program\.requires is "\/usr\/bin\/redis-server" \(must be the name/,
    ],
    [
      'a version that is none',
      productOf(ORDERS, { ...REDIS, program: { requires: 'redis-server', version: '^7' } }),
      /services\[1\]\.program\.version is "\^7" \(must be a version such as "7\.2"/,
    ],
    [
      'programs of the machine alone',
      productOf(REDIS),
      /services has only programs of the machine, so there is nothing of this product to pack: add/,
    ],
    [
      'neither path nor program',
      withOrders({ path: undefined }),
      /services\[0\] is .* \(must have either a "path"/,
    ],
    ['a missing start', withOrders({ start: undefined }), /services\[0\]\.start is missing/],
    ['a list at the top', [], /the registry is \[\] \(/],
    [
      'a way to measure that is none',
      productOf(measured({ measuredBy: 'guesses' })),
      /services\[0\]\.objectives\[0\]\.measuredBy is "guesses" \(/,
    ],
    [
      'two objectives of one name',
      withOrders({
        objectives: ['latency-p95-ms', 'latency-p99-ms'].map((metric) => ({
          name: 'quick',
          metric,
          comparator: '<=',
          threshold: 50,
        })),
      }),
      /services\[0\] states two objectives called "quick"/,
    ],
    [
      'an objective that the slowest service keeps',
      productOf(measured({ comparator: '>=' })),
      /services\[0\]\.objectives\[0\]\.comparator is ">=".*write "<="/,
    ],
    [
      'an objective that a service nobody reaches keeps',
      productOf(measured({ metric: 'availability-percent' })),
      /services\[0\]\.objectives\[0\]\.comparator is "<=".*write ">="/,
    ],
    [
      'an objective that no service keeps',
      productOf(measured({ metric: 'availability-percent', comparator: '>=', threshold: 101 })),
      /services\[0\]\.objectives\[0\]\.threshold is 101.*at most 100/,
    ],
    ['no services', productOf(), /services is \[\] \(/],
    [
      'a name with capitals',
      withOrders({ name: 'Orders' }),
      /services\[0\]\.name is "Orders" \(must be lower-case/,
    ],
    [
      'a port out of range',
      withOrders({ ports: { http: 70_000 } }),
      /services\[0\]\.ports\.http is 70000 \(/,
    ],
    [
      'a probe too quick',
      withOrders({ health: { tcp: { port: 'http' }, intervalMs: 1 } }),
      /services\[0\]\.health\.intervalMs is 1 \(/,
    ],
    ['a number in env', withOrders({ env: { PORT: 7302 } }), /services\[0\]\.env\.PORT is 7302 \(/],
    [
      'an env name with a dash',
      withOrders({ env: { 'MY-PORT': 'x' } }),
      /env\.MY-PORT is a name that must be an environment variable name/,
    ],
    ['a number as start', withOrders({ start: 5 }), /start is 5 \(must be a command/],
    [
      'no kind of probe',
      withOrders({ health: {} }),
      /health must have exactly one of .*"once": true/,
    ],
    [
      'two kinds of probe',
      withOrders({ health: { http: { port: 'http' }, tcp: { port: 'http' } } }),
      /must have exactly one of/,
    ],
    ['an empty start', withOrders({ start: [] }), /services\[0\]\.start is \[\] \(/],
  ];
  for (const [what, content, expected] of schema) {
    it(`with ${what} is refused where it is`, async () =>
      assert.match(await refusal(content), expected));
  }

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

describe('JSON Schemas', () => {
  for (const file of SCHEMA_FILES) {
    it(`${file} is up to date (npm run schemas)`, async () => {
      const committed = JSON.parse(
        await readFile(path.join(ROOT, 'schemas', file), 'utf8'),
      ) as unknown;
      assert.deepEqual(committed, JSON.parse(JSON.stringify(jsonSchemaOf(file))));
    });
  }
});

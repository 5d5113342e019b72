import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRegistry } from '../../../src/capsule/registryFile.ts';
import { sourceServices } from '../../../src/model/registry.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import {
  GATEWAY,
  measured,
  ORDERS,
  productOf,
  REDIS,
  refusal,
  withOrders,
} from '../../support/registries.ts';
import { sentenceOf } from '../../support/rejection.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

describe('service registry', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
    file = path.join(folder, 'mesh.services.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

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
});

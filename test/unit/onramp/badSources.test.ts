import assert from 'node:assert/strict';
import { draftRegistry } from '../../../src/onramp/draft.ts';
import { MeshSimError } from '../../../src/base/errors.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { NODE_SERVER, packageJson } from '../../support/onramp/programs.ts';

const MACHINE = { hasProgram: () => false, hasNames: true };

function draftOf(files: Readonly<Record<string, string>>, options = {}) {
  return draftRegistry(memoryProduct({ files }), { ...MACHINE, ...options });
}

const COMPOSE = (service: string, rest = '') => ({
  'compose.yaml': `services:\n  api:\n    build: .\n    command: node server.js\n${service}${rest}`,
  'server.js': NODE_SERVER,
});

describe('what cannot be read as a description of a product', () => {
  const refused: Readonly<Record<string, [files: Record<string, string>, sentence: RegExp]>> = {
    'YAML that is none': [
      { 'compose.yaml': 'services:\n  api: [1\n' },
      /^compose\.yaml is not YAML at line \d+, column \d+ \(.+\): correct it there\.$/,
    ],
    'a compose file without services': [
      { 'compose.yaml': 'services: {}\n' },
      /^compose\.yaml names no services/,
    ],
    'a service that is a word': [
      { 'compose.yaml': 'services:\n  api: x\n' },
      /^compose\.yaml, services\.api is no mapping/,
    ],
    'a variable that is required': [
      COMPOSE('    environment: { KEY: "${KEY:?get one}" }\n'),
      /services\.api\.environment\.KEY needs the variable KEY \(get one\): give it a value in \.env/,
    ],
    'services that extend each other': [
      { 'compose.yaml': 'services:\n  one: { extends: two }\n  two: { extends: one }\n' },
      /services\.(one|two)\.extends leads back to (one|two): break the circle/,
    ],
    'a base that is not there': [
      COMPOSE('    extends: { file: ../base.yml, service: base }\n'),
      /extends names the service "base" of \.\.\/base\.yml, which is not there/,
    ],
    'a command with an open quote': [
      {
        'compose.yaml': "services:\n  api:\n    build: .\n    command: node 'server.js\n",
        'server.js': '',
      },
      /services\.api\.command opens a quote that is never closed/,
    ],
    'services that wait for each other': [
      COMPOSE(
        '    depends_on: [web]\n',
        '  web: { build: ., command: node server.js, depends_on: [api] }\n',
      ),
      /circle/,
    ],
    'a Dockerfile without the target': [
      {
        ...COMPOSE(''),
        'compose.yaml': 'services:\n  api:\n    build: { context: ., target: prod }\n',
        Dockerfile: 'FROM node:22 AS dev\nCMD node server.js\n',
      },
      /^Dockerfile has no stage "prod"/,
    ],
    'a Procfile with another line': [
      { Procfile: 'web node server.js\n' },
      /^Procfile:1 is no "name: command"/,
    ],
    'a Procfile that opens a quote': [
      { Procfile: 'web: node "server.js\n' },
      /^Procfile:1 opens a quote/,
    ],
    'a Procfile with a name twice': [
      { Procfile: 'web: a\nweb: b\n' },
      /^Procfile:2 names "web" once more/,
    ],
    'a package.json that is none': [
      { 'package.json': '{ "name": }' },
      /^No service of shop can be run: package\.json: it is not JSON at line 1, column .*; correct it there\.$/,
    ],
    nothing: [{ 'README.md': '' }, /^Nothing in shop says how a service is started/],
    'only what an image runs': [
      { 'compose.yaml': 'services:\n  api: { image: ghcr.io/acme/api }\n' },
      /No service of shop can be run: .*ghcr\.io\/acme\/api is run by a container host alone/,
    ],
    'aliases without end': [
      {
        'compose.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'[at]}`).join(',')}]`).join('\n')}\nservices: { api: { x: *h } }\n`,
      },
      /^compose\.yaml has anchors that stand for too much/,
    ],
  };
  for (const [name, [files, sentence]] of Object.entries(refused)) {
    it(`refuses ${name} in one sentence`, () => {
      assert.throws(
        () => draftOf(files),
        (error) =>
          error instanceof MeshSimError &&
          error.code === 'source-invalid' &&
          sentence.test(error.message) &&
          !error.message.includes('\n'),
      );
    });
  }

  it('refuses a file that is named and is nothing it reads', () => {
    const files = { ...COMPOSE(''), 'notes.txt': 'x' };
    assert.throws(
      () => draftOf(files, { from: 'notes.txt' }),
      /notes\.txt is none of what can be read/,
    );
    assert.throws(() => draftOf(files, { from: 'gone.yml' }), /gone\.yml is not in this product/);
  });
});

describe('what a registry cannot say', () => {
  function gapsOf(files: Readonly<Record<string, string>>, options = {}): string[] {
    return draftOf(files, options).gaps.map(
      ({ where, what, remedy }) => `${where}: ${what}; ${remedy}`,
    );
  }

  it('is named with its place and what to do, key by key', () => {
    const gaps = gapsOf({
      ...COMPOSE(
        `    privileged: true
    made_up: 1
    volumes: [data:/var/data]
    network_mode: none
    ports: ["8000-8999:8000-8999", "x", "53:53/udp"]
    env_file: [gone.env]
    environment: [NOWHERE]
`,
        '  cache: { image: "redis:7" }\n  once: { build: ., command: node migrate.js }\n  after: { build: ., command: node server.js, depends_on: { once: { condition: service_completed_successfully } } }\nsecrets: {}\n',
      ),
    });
    for (const expected of [
      /^compose\.yaml, secrets: it is not carried over/,
      /services\.api\.privileged: services get no privileges/,
      /services\.api\.made_up: it is not carried over/,
      /services\.api\.volumes: there is no \/var\/data .*\$\{state\}/,
      /services\.api\.network_mode: /,
      /services\.api\.ports\[0\]: of the range 8000-8999 only the first 16/,
      /services\.api\.ports\[1\]: it is no port/,
      /services\.api\.ports\[2\]: udp/,
      /services\.api\.env_file: gone\.env is not here/,
      /services\.api\.environment\.NOWHERE: it has no value/,
      /services\.cache: redis:7 is not carried over.*install redis-server/,
    ]) {
      assert.ok(
        gaps.some((gap) => expected.test(gap)),
        `${expected} in\n${gaps.join('\n')}`,
      );
    }
  });

  it('tells a lock file that does not fit, and one that is missing', () => {
    const own = packageJson({
      scripts: { start: 'node server.js' },
      dependencies: { left: '^1.0.0' },
    });
    const lock = JSON.stringify({ packages: { '': { dependencies: { left: '^2.0.0' } } } });
    const files = { 'package.json': own, 'server.js': NODE_SERVER };
    assert.match(
      gapsOf({ ...files, 'package-lock.json': lock }).join(),
      /does not fit package\.json \(left\)/,
    );
    assert.match(gapsOf(files).join(), /no lock file/);
  });

  it('gives two services that cannot be told their port no port of their own', () => {
    const server = 'require("http").createServer().listen(4000)';
    const files = {
      'one/package.json': packageJson({ main: 'x.js' }),
      'one/x.js': server,
      'two/package.json': packageJson({ main: 'x.js' }),
      'two/x.js': server,
    };
    assert.match(gapsOf(files).join(), /"two" and "one" both listen on 4000/);
  });
});

describe('secrets of a file that git ignores', () => {
  const files = {
    'compose.yaml':
      'services:\n  api:\n    build: .\n    command: node server.js\n    environment:\n      DATABASE_URL: postgres://app:${DB_PASSWORD}@localhost:5432/app\n      DB_USER: ${DB_USER}\n',
    'server.js': NODE_SERVER,
  };
  const env = 'DB_PASSWORD=hunter2hunter2\nDB_USER=app\n';

  it('stay out of the registry, which has their names alone', () => {
    const draft = draftRegistry(memoryProduct({ files, ignored: { '.env': env } }), MACHINE);

    assert.ok(!draft.text.includes('hunter2'));
    assert.deepEqual(draft.registry.services[0]?.secrets, ['DATABASE_URL']);
    assert.equal(draft.registry.services[0].env?.DB_USER, 'app');
    assert.deepEqual(
      [...draft.secretValues],
      [['DATABASE_URL', 'postgres://app:hunter2hunter2@localhost:5432/app']],
    );
    assert.ok(!JSON.stringify([draft.taken, draft.gaps]).includes('hunter2'));
  });

  it('are no secrets where the file is in git', () => {
    const draft = draftOf({ ...files, '.env': env });
    assert.match(draft.registry.services[0]?.env?.DATABASE_URL ?? '', /hunter2/);
  });
});

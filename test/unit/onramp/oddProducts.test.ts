import assert from 'node:assert/strict';
import { MeshSimError, type ErrorCode } from '../../../src/base/errors.ts';
import { draftRegistry, type Draft } from '../../../src/onramp/draft.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { NODE_SERVER, packageJson } from '../../support/onramp/programs.ts';

type Files = Readonly<Record<string, string>>;

function draftOf(files: Files, options = {}): Draft {
  const machine = { hasProgram: () => false, hasNames: true };
  return draftRegistry(memoryProduct({ files }), { ...machine, ...options });
}

function gapsOf(files: Files): string {
  return draftOf(files)
    .gaps.map(({ where, what, remedy }) => `${where}: ${what}; ${remedy}`)
    .join('\n');
}

/** A compose file of one service, with further keys of it, and further lines of the file. */
function compose(keys: string, rest = ''): Files {
  const text = `services:\n  api:\n    build: .\n    command: node server.js\n    ${keys}\n${rest}`;
  return { 'compose.yaml': text, 'server.js': NODE_SERVER };
}

function workspace(root: object, member: object = {}, more: Files = {}): Files {
  return {
    'package.json': packageJson(root as Record<string, unknown>),
    'api/package.json': packageJson({
      ...{ name: 'api', scripts: { start: 'node server.js' } },
      ...member,
    }),
    'api/server.js': NODE_SERVER,
    ...more,
  };
}

describe('a product that is written as no tool takes it', () => {
  const refused: Readonly<
    Record<string, [files: Files, sentence: RegExp, options?: object, code?: ErrorCode]>
  > = {
    'an anchor that nothing sets': [
      compose('environment: *nobody'),
      /^compose\.yaml has anchors .*\(Unresolved alias .*nobody\): write out/,
    ],
    'a merge of a word': [
      { 'compose.yaml': 'x: &x word\nservices:\n  api:\n    <<: *x\n' },
      /Merge sources must be maps/,
    ],
    'a key twice': [
      compose('build: .'),
      /is not YAML at line 5, column 5 \(Map keys must be unique\)/,
    ],
    'services in a list': [
      { 'compose.yaml': 'services: [api]\n' },
      /^compose\.yaml, services is a list, and compose takes a mapping: correct it\.$/,
    ],
    'a number for an environment': [
      compose('environment: 5'),
      /services\.api\.environment is a number, and compose takes a list or a mapping/,
    ],
    'a mapping for a healthcheck in an extended file': [
      {
        ...compose('extends: { file: base.yml, service: base }'),
        'base.yml': 'services:\n  base: { healthcheck: soon }\n',
      },
      /^base\.yml, services\.base\.healthcheck is a text, and compose takes a mapping/,
    ],
    'an extended file that is no YAML': [
      { ...compose('extends: { file: base.yml, service: base }'), 'base.yml': 'a: [' },
      /^base\.yml is not YAML at line 1/,
    ],
    'several documents': [
      compose('restart: always', '---\nservices: {}\n'),
      /^compose\.yaml holds several documents: write them as one/,
    ],
    'a dependency that is not there': [
      compose('depends_on: [nobody]'),
      /services\.api\.depends_on names the service "nobody", which is not there/,
    ],
    'a service that waits for itself': [
      compose('depends_on: { api: { condition: service_started } }'),
      /services\.api\.depends_on names api itself/,
    ],
    'a profile that nothing has': [
      compose('restart: always', '  more: { profiles: [debug], build: . }\n'),
      /^--profile debgu: no service of compose\.yaml belongs to it: its profiles are debug\.$/,
      { profiles: ['debgu'] },
      'usage',
    ],
    'a variable without a name': [
      compose('environment: { A: "x${}y" }'),
      /services\.api\.environment\.A has "\$\{\}y", which names no variable: correct it, or write \$\$\{ for/,
    ],
    'a variable that nothing closes': [
      compose('environment: ["A=${B:-${C}"]'),
      /services\.api\.environment\[0\] has "\$\{B:-\$\{C\}", which/,
    ],
    'a required variable in a port': [
      compose('ports: ["${PORT:?choose one}:3000"]'),
      /services\.api\.ports\[0\] needs the variable PORT \(choose one\)/,
    ],
    'a Procfile that goes into a folder that is not there': [
      { Procfile: 'web: cd gone && node server.js\n' },
      /^Procfile:1 leads to the folder gone, in which there is no file/,
    ],
    'a Procfile that leaves the product': [
      { Procfile: 'web: cd ../other && node server.js\n' },
      /^Procfile:1 goes into \.\.\/other, which is not in this product/,
    ],
    'a Procfile without a command': [{ Procfile: 'web:\n' }, /^Procfile:1 is no "name: command"/],
    'workspaces that are a word': [
      workspace({ workspaces: 'api' }),
      /^package\.json, workspaces is no list of folders/,
    ],
    'a pnpm workspace that is no YAML': [
      workspace({}, {}, { 'pnpm-workspace.yaml': 'packages: [' }),
      /^pnpm-workspace\.yaml is not YAML at line 1/,
    ],
    'a pnpm workspace that is a word': [
      workspace({}, {}, { 'pnpm-workspace.yaml': 'packages: api\n' }),
      /^pnpm-workspace\.yaml, packages is no list of folders/,
    ],
    'a lock file in the middle of a merge': [
      workspace({ dependencies: { a: '1' } }, {}, { 'package-lock.json': '<<<<<<< HEAD\n{}' }),
      /^package-lock\.json is not JSON at line 1/,
    ],
  };
  for (const [name, [files, sentence, options, code = 'source-invalid']] of Object.entries(
    refused,
  )) {
    it(`is refused in one sentence for ${name}`, () => {
      assert.throws(
        () => draftOf(files, options),
        (error) => {
          assert.ok(error instanceof MeshSimError, String(error));
          assert.match(error.message, sentence);
          assert.deepEqual([error.code, error.message.split('\n').length], [code, 1]);
          return true;
        },
      );
    });
  }

  it('keeps what shells are to replace, and what is no variable at all', () => {
    const files = compose(
      'environment: { A: "$${HOME}/x", B: "costs 5$" }',
      '  web: { build: ., command: ["node", "server.js", "$${HOME}"] }\n',
    );
    const [api, web] = draftOf(files).registry.services;
    assert.deepEqual([api?.env?.A, api?.env?.B], ['$${HOME}/x', 'costs 5$']);
    assert.deepEqual(web?.start, ['node', 'server.js', '$${HOME}']);
  });

  it('takes a dependency that is not required, profiles that exist, and the network of the host', () => {
    const { registry } = draftOf(
      compose(
        'depends_on: { gone: { condition: service_started, required: false } }\n    network_mode: host',
        '  more: { profiles: [debug], build: ., command: node server.js }\n',
      ),
      { profiles: ['debug'] },
    );
    assert.deepEqual(registry.services.map(({ name }) => name).sort(), ['api', 'more']);
  });

  it('is told which lines of its .env are none', () => {
    const files = compose('environment: { A: "${A}" }');
    const env = 'A="one" # two\nexport B\n`C`=x\nD=\'open\n';
    const draft = draftOf({ ...files, '.env': env });
    assert.equal(draft.registry.services[0]?.env?.A, 'one');
    assert.match(
      gapsOf({ ...files, '.env': env }),
      /^\.env:2: it is no NAME=value.*\n\.env:3: .*\n\.env:4: it is no NAME=value, so it is left out; correct the line$/m,
    );
  });

  it('carries a build with arguments and a target over', () => {
    const [api] = draftOf({
      'compose.yaml':
        'services:\n  api:\n    build: { context: ., target: "${STAGE:-run}", args: { VERSION: 22, MODE: fast } }\n',
      'server.js': NODE_SERVER,
      Dockerfile:
        'ARG VERSION=20\nFROM node:${VERSION} AS base\nARG MODE\nENV MODE=${MODE}\nFROM base AS run\nCMD ["node", "server.js"]\nFROM base AS check\nCMD ["npm", "test"]\n',
    }).registry.services;
    assert.deepEqual([api?.start, api?.env?.MODE], [['node', 'server.js'], 'fast']);
  });

  it('is installed by each of workspaces that contain each other once, at the innermost', () => {
    const { registry } = draftOf({
      ...workspace({ workspaces: ['api', 'api/*'] }, { workspaces: ['../api', 'lib'] }),
      'api/lib/package.json': packageJson({
        ...{ name: 'lib', dependencies: { api: '*' }, scripts: { start: 'node x.js' } },
      }),
      'api/lib/x.js': NODE_SERVER,
    });
    const places = registry.services.map((one) => 'path' in one && [one.name, one.root, one.path]);
    assert.deepEqual(places, [
      ['api', undefined, 'api'],
      ['lib', 'api', 'api/lib'],
    ]);
  });

  it('is told of lock files that do not fit, or are of another tool', () => {
    const lock = (packages: object) => ({ 'package-lock.json': JSON.stringify({ packages }) });
    const fits = { '': { workspaces: ['api'] }, api: { dependencies: { left: '1' } } };
    const root = { workspaces: ['api'], packageManager: 'pnpm@9.0.0' };
    const told = gapsOf(
      workspace(root, { dependencies: { left: '2' } }, { ...lock(fits), 'yarn.lock': '' }),
    );
    assert.match(told, /^package-lock\.json: it does not fit api\/package\.json \(left\)/m);
    assert.match(told, /^package-lock\.json: yarn\.lock beside it is not read: npm installs/m);
    assert.match(told, /^package\.json: packageManager is pnpm, and the lock file .* is of npm/m);
    const right = workspace({ workspaces: ['api'] }, { dependencies: { left: '1' } }, lock(fits));
    assert.doesNotMatch(gapsOf(right), /lock/);
  });

  it('has ports as ranges, with addresses and of other protocols', () => {
    const files = compose(
      'ports: ["3000-2000", "99999", "8000-8001:9000-9001", "127.0.0.1:81:81", "[::1]:82:82", "53:53/udp"]',
    );
    const [api] = draftOf(files).registry.services;
    assert.deepEqual(Object.values(api?.ports ?? {}), [9000, 9001, 81, 82]);
    assert.match(gapsOf(files), /ports\[0\]: it is no port.*\n.*ports\[1\]: it is no port/);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fillBuild, fillCommand, fillHealth } from '../../../src/capsule/commandPlaceholders.ts';
import { resolveEnv } from '../../../src/capsule/placeholders.ts';
import { unknownPlaceholders } from '../../../src/capsule/unknownPlaceholders.ts';

const VALUES = {
  ports: { http: 4001 },
  servicePorts: { orders: { http: 4002, admin: 4003 } },
  nodeId: 'n3',
  hostPath: '/usr/bin',
  hostHome: '/home/me',
  stateFolder: '/run/n3/state/gateway',
  mesh: {
    address: '10.99.0.4',
    peers: () => [
      { id: 'n0', host: '10.99.0.1' },
      { id: 'n2', host: '10.99.0.3' },
    ],
  },
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
    ['${node.index} ${host.home} ${state}', '3 /home/me /run/n3/state/gateway'],
    ['$${port:http} and ${port:http}', '${port:http} and 4001'],
    ['${node.address}:${port:http}', '10.99.0.4:4001'],
    ['${peers:orders.http}', '10.99.0.1:4002,10.99.0.3:4002'],
    [
      '--cluster=${peers:orders.admin|{id}=http://{host}:{port}}!',
      '--cluster=n0=http://10.99.0.1:4003,n2=http://10.99.0.3:4003!',
    ],
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
    '${peers:orders}',
    '${peers:orders.https}',
    '${peers:nobody.http|{host}}',
    '${peers:orders.http|{address}}',
    '${peers:orders.http|{host}',
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
      build: 'make ${host.home} ${port:http} ${CFLAGS}',
      start: ['server', '--port', '${prot:http}', '-c', 'echo ${HOME} ${node.nope}'],
      migrate: { run: ['migrate', '--to', '${state}/v${version}'], deadlineMs: 100 },
      seedState: ['seed', '${state}', '${sample}'],
      health: {
        command: 'check ${state} ${peers:orders.nope} ${peers:orders.http|{ip}} ${node.address}',
        intervalMs: 1,
        timeoutMs: 1,
        deadlineMs: 1,
      },
    };
    const orders = { name: 'orders', ports: { http: 2 } };
    const found = unknownPlaceholders(service, [service, orders]);
    assert.deepEqual(
      found.map(({ path, placeholder }) => [path.join('.'), placeholder]),
      [
        ['env.A', '${port:tls}'],
        ['env.B', '${nope}'],
        ['build', '${port:http}'],
        ['start', '${prot:http}'],
        ['start', '${node.nope}'],
        ['migrate.run', '${version}'],
        ['seedState', '${sample}'],
        ['health.command', '${peers:orders.nope}'],
        ['health.command', '${peers:orders.http|{ip}}'],
      ],
    );
    assert.match(found[2]?.why ?? '', /all nodes share what a build makes/);
    assert.match(found.at(-1)?.why ?? '', /another field than \{id\}, \{host\} and \{port\}/);
  });

  it("are replaced in commands, and what is a shell's own is left to it", () => {
    const shell =
      'serve ${port:http} ${PORT:-${port:http}} ${HOME} $${state} ${state} ${peers:orders.http|{id}@{host}}';
    assert.equal(
      fillCommand(shell, VALUES),
      'serve 4001 ${PORT:-4001} ${HOME} ${state} /run/n3/state/gateway n0@10.99.0.1,n2@10.99.0.3',
    );
    assert.deepEqual(fillCommand(['s', '--at=${node.id}', '-c', '${A}${node.id}'], VALUES), [
      's',
      '--at=n3',
      '-c',
      '${A}n3',
    ]);
    assert.equal(fillBuild('make ${host.path} ${node.id}', VALUES), 'make /usr/bin ${node.id}');
    const times = { intervalMs: 1, timeoutMs: 1, deadlineMs: 1 };
    assert.deepEqual(fillHealth({ command: ['ask', '${port:http}'], ...times }, VALUES), {
      command: ['ask', '4001'],
      ...times,
    });
  });

  it('leaves text without "${" exactly as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        assert.equal(resolveText(text), text);
      }),
    );
  });

  it('name the file of a program of the machine, and leave a shell its own variable of that name', () => {
    const line = 'exec "${program}" -p ${port:http}';
    const program = '/usr/bin/redis-server';
    assert.equal(fillCommand(line, { ...VALUES, program }), `exec "${program}" -p 4001`);
    assert.equal(fillCommand(line, VALUES), 'exec "${program}" -p 4001');
    assert.deepEqual(fillCommand(['env', '${program}'], { ...VALUES, program }), ['env', program]);
  });
});

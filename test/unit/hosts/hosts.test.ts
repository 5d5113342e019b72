import assert from 'node:assert/strict';
import { hostsFileSchema, hostSpecSchema } from '../../../src/model/hosts.ts';
import { hostsOfNodes, isSpread } from '../../../src/model/hostPlacement.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { ClockPings } from '../../../src/runtime/hosts/pipes/clockPings.ts';
import { LineReader } from '../../../src/runtime/hosts/pipes/lines.ts';
import { hostFailure, hostKeyIn, lastLine } from '../../../src/runtime/hosts/remote/hostFailure.ts';
import { hostCommand } from '../../../src/runtime/hosts/remote/hostCommand.ts';
import { LOADER } from '../../../src/runtime/hosts/remote/loader.ts';
import { requireFloors } from '../../../src/runtime/hosts/requireFloors.ts';
import { requireHosts } from '../../../src/runtime/hosts/requireHosts.ts';
import { merged } from '../../../src/runtime/hosts/runHosts.ts';
import { fourNodes as plan, refusal } from '../../support/hostPlans.ts';

const edge = hostSpecSchema.parse({ kind: 'ssh', host: 'me@edge' });

describe('the hosts of nodes', () => {
  it('are this machine for those that nobody names, and for n0', () => {
    assert.deepEqual(hostsOfNodes(undefined, 3), ['local', 'local', 'local']);
    assert.deepEqual(hostsOfNodes({ '*': ['edge', 'box'] }, 4), ['local', 'edge', 'box', 'edge']);
    assert.deepEqual(hostsOfNodes({ n0: 'edge', n2: 'box', '*': 'lab' }, 4), [
      'edge',
      'lab',
      'box',
      'lab',
    ]);
    assert.equal(isSpread({ '*': ['local'] }, 4), false);
  });

  it('are refused where nobody has described them, or the plan has no such node', () => {
    requireHosts(plan({ hosts: { n1: 'edge' } }), { edge });
    const sentence = (hosts: PlanInput['hosts']) =>
      refusal(() => requireHosts(plan({ hosts }), { edge }));
    assert.equal(
      sentence({ n1: 'box' }),
      'The plan puts n1 on the host "box", which is not described: mesh.hosts.json has edge.',
    );
    assert.equal(
      sentence({ n1: 'box', '*': ['far', 'edge'] }),
      'The plan puts n1 on the host "box" and n2 on the host "far", which are not described: mesh.hosts.json has edge.',
    );
    assert.equal(sentence({ n7: 'edge' }), 'hosts: the plan puts n7 on a host, but has n0 to n3.');
  });

  it('may not be in virtual time', () => {
    const parsed = planSchema.safeParse({ ...plan({ hosts: { n1: 'edge' } }), world: 'virtual' });
    assert.match(parsed.error?.issues[0]?.message ?? '', /^virtual time has no hosts/);
  });

  it('are no nearer than their real way', () => {
    const oneWay = (node: number) => [0, 0, 12.5, 10][node] ?? 0;
    requireFloors(plan({ params: { nodes: 4, latencyMs: [23, 40] } }), oneWay);
    assert.equal(
      refusal(() => requireFloors(plan(), oneWay)),
      'n2–n3 cannot be nearer than 22.5 ms (real path); the plan says 20.0 ms: raise its latency, or choose other hosts.',
    );
  });
});

describe('mesh.hosts.json', () => {
  const problem = (hosts: unknown) =>
    hostsFileSchema.safeParse({ hosts }).error?.issues[0]?.message ?? '';
  it('never weakens the check of host keys', () => {
    for (const option of [
      ...['StrictHostKeyChecking=no', 'stricthostkeychecking=accept-new', 'Include=/etc/x'],
      ...['KnownHostsCommand=/bin/x', 'NoHostAuthenticationForLocalhost=yes'],
    ]) {
      assert.match(
        problem({ edge: { kind: 'ssh', host: 'edge', options: [option] } }),
        /must not weaken the check of host keys/,
      );
    }
    const strict = { kind: 'ssh', host: 'edge', options: ['StrictHostKeyChecking=yes'] };
    assert.equal(problem({ edge: strict }), '');
  });

  it('does not describe this machine, and names hosts plainly', () => {
    assert.match(problem({ local: { kind: 'ssh', host: 'x' } }), /must not describe "local"/);
    assert.match(problem({ 'Ed ge': { kind: 'ssh', host: 'x' } }), /Invalid key|must be a name/);
    assert.match(problem({ edge: { kind: 'ssh', host: '-oProxyCommand=x' } }), /must be a host/);
  });
});

describe('what starts a keeper', () => {
  it('is one word of any POSIX shell, under a kilobyte', () => {
    assert.ok(LOADER.length < 1_024, String(LOADER.length));
    assert.doesNotMatch(LOADER, /['\n!]/);
    const { args } = hostCommand(edge, {
      simId: 's',
      nodeId: 'n1',
      digest: 'd'.repeat(64),
      mostMs: 1_000,
    });
    assert.equal(args.at(-2), 'me@edge');
    assert.equal(args.at(-3), '--');
    assert.ok(args.includes('BatchMode=yes'));
  });

  it('gives a container neither network nor a disk of the host', () => {
    const spec = hostSpecSchema.parse({ kind: 'docker', image: 'node:24', memory: '1g' });
    const { file, args } = hostCommand(spec, {
      simId: 's',
      nodeId: 'n1',
      digest: 'd',
      mostMs: 1_000,
    });
    assert.equal(file, 'docker');
    for (const flag of ['--rm', '--read-only', '--init', '--memory'])
      assert.ok(args.includes(flag));
    assert.equal(args[args.indexOf('--network') + 1], 'none');
    assert.equal(args[args.indexOf('--cap-drop') + 1], 'ALL');
    assert.ok(args.includes('mesh-sim.run=s'));
    assert.ok(!args.includes('-v') && !args.includes('--volume') && !args.includes('--privileged'));
  });
});

describe('why a host cannot be had', () => {
  const why = (code: number | null, words: string) =>
    hostFailure('edge', { kind: 'ssh', node: undefined }, { code, words }).message;
  const cases: readonly [number | null, string, RegExp][] = [
    [
      91,
      'debug1: x\n12.22.12\nTransferred: sent 5028, received 3108 bytes, in 0.1 seconds\r\nBytes per second: sent 43424.1, received 26841.6\r\n',
      /^edge has Node\.js 12\.22\.12; 22\.15 or newer is needed: set/,
    ],
    [91, 'debug1: x\n12.22.12\n', /^edge has Node\.js 12\.22\.12; 22\.15 or newer is needed: set/],
    [
      255,
      '@@@\nWARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.\n',
      /^The host key of edge has changed: nothing was sent/,
    ],
    [
      255,
      'No ED25519 host key is known for x\r\nHost key verification failed.\r\n',
      /^The host key of edge is not known: connect once with ssh and check it\.$/,
    ],
    [127, 'sh: 1: exec: node: not found\n', /^edge has no program "node" \(sh: 1: exec/],
    [
      1,
      'ERROR (catatonit:6): failed to exec pid1: No such file or directory\n',
      /^edge has no program "node" \(ERROR \(catatonit/,
    ],
    [
      125,
      'Error: container-init binary not found on the host: stat /usr/libexec/podman/catatonit: no such file\n',
      /: install catatonit there\.$/,
    ],
    [255, 'me@edge: Permission denied (publickey).\n', /^edge does not let you in/],
    [null, 'spawn ssh ENOENT', /^There is no program "ssh" on this machine/],
    [
      255,
      'debug1: a\nssh: connect to host edge port 22: Connection refused\ndebug1: b\n',
      /refused\)\.$/,
    ],
    [92, 'damaged\n', /^What was sent to edge did not arrive/],
  ];
  for (const [code, words, sentence] of cases) {
    it(`says: ${sentence.source.slice(0, 40)}`, () => {
      assert.match(why(code, words), sentence);
    });
  }

  it('names the signal that ended its program', () => {
    const end = { code: null, signal: 'SIGKILL', words: 'debug1: a\n' };
    assert.equal(
      hostFailure('edge', { kind: 'ssh', node: undefined }, end).message,
      'edge cannot be reached: ssh was ended by SIGKILL.',
    );
  });

  it('is the end of its container, with the limit of memory that may be why', () => {
    const sentence = (memory?: string) =>
      hostFailure('box', { kind: 'docker', node: 'node', memory }, { code: 137, words: '' })
        .message;
    assert.equal(
      sentence('256m'),
      'The container on box was ended by SIGKILL (its limit of memory is 256m): see "memory" in mesh.hosts.json, and run again.',
    );
    assert.match(sentence(), /\(it has no limit of memory of its own\)/);
  });

  it('is what it says where that is not what a keeper says, however its program ended then', () => {
    const refusal = 'The keeper of a node says what is no JSON: it is not one of ours.';
    const end = { code: 127, words: 'not found', refusal };
    assert.equal(
      hostFailure('edge', { kind: 'ssh', node: undefined }, end).message,
      'edge is heard no more: the keeper of a node says what is no JSON: it is not one of ours.',
    );
  });

  it('is told with nothing of what ssh tells developers, and no control characters', () => {
    assert.equal(lastLine('real\u001b[31m reason\ndebug1: secret\n').includes('\u001b'), false);
    const key = 'SHA256:'.padEnd(50, 'A');
    const told = `debug1: x\ndebug1: Server host key: ssh-ed25519 ${key}\r\n`;
    const sent = 'debug1: Sending command: node\n';
    assert.equal(hostKeyIn(`${told}${sent}`), key);
    const other = told.replace('AAAA', 'BBBB');
    assert.equal(hostKeyIn(`${told}${sent}${other}`), key, 'the host says this itself');
    assert.equal(hostKeyIn(`${sent}${other}`), undefined);
    assert.equal(hostKeyIn(`${other}${told}${sent}`), undefined, 'a machine on the way');
    assert.equal(hostKeyIn(told), undefined);
  });
});

describe('the clock of a host', () => {
  it('is what its fastest answer says, within half of that round trip', () => {
    const pings = new ClockPings();
    const first = pings.leaves(1_000);
    const second = pings.leaves(1_100);
    assert.ok(pings.answered(first, 5_005, 1_010));
    assert.ok(pings.answered(second, 5_101, 1_102));
    assert.deepEqual(pings.clock, { offsetMs: 4_000, errorMs: 1, rttMinMs: 2, rttP50Ms: 10 });
    assert.equal(pings.answered(second, 5_101, 1_103), false);
    assert.equal(pings.answered(99, 1, 1), false);
    assert.equal(pings.answered(pings.leaves(1_200), NaN, 1_201), false);
  });
});

describe('what agents on other hosts say', () => {
  it('is cut into lines wherever it was cut on the way', () => {
    const reader = new LineReader();
    const bytes = Buffer.from('{"a":"käse"}\n{"b":1}\n{"c"');
    const lines = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])));
    assert.deepEqual(lines, ['{"a":"käse"}', '{"b":1}']);
  });

  it('has lines that end', () => {
    const reader = new LineReader();
    assert.throws(() => {
      for (let pushed = 0; pushed < 6; pushed += 1) reader.push(Buffer.alloc(1024 * 1024, 'x'));
    }, /a line that has no end/);
  });
});

describe('what was left on machines', () => {
  const clean = { left: [], immortal: 0, closed: 1, missed: 2 };
  it('was left wherever it was; that nothing was takes a look at all', () => {
    assert.deepEqual(merged([clean, clean]), { left: [], immortal: 0, closed: 2, missed: 4 });
    const dirty = { ...clean, left: ['sleep'] };
    const gone = { notLooked: 'edge cannot be asked any more' };
    assert.deepEqual(merged([clean, gone]), gone);
    assert.deepEqual(merged([dirty, gone]), dirty);
  });
});

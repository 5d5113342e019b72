import assert from 'node:assert/strict';
import { environmentSchema } from '../../../src/model/environments.ts';
import { ask, testCases, type Case } from '../../support/gateCases.ts';
import { hostedNode, rehearsedOn } from '../../support/hostedNodes.ts';

const KEY = (letter: string) => `SHA256:${letter.repeat(43)}`;
const EDGE = hostedNode({ identity: KEY('a') });
const YARD = hostedNode({ nodeId: 'n2', host: 'yard', identity: KEY('b') });
const BOX = hostedNode({ nodeId: 'n2', host: 'box', kind: 'docker' });
const TWO = rehearsedOn(EDGE, YARD);

const CASES: readonly Case[] = [
  // How many
  { name: 'nodes on other hosts, where nothing is asked of them', run: TWO, failed: [] },
  {
    name: 'as many nodes elsewhere as asked',
    run: TWO,
    gate: { hosts: { minRemote: 2 } },
    failed: [],
  },
  {
    name: 'one node elsewhere where two are asked for',
    run: rehearsedOn(EDGE),
    gate: { hosts: { minRemote: 2 } },
    failed: ['hosts'],
  },
  { name: 'no node elsewhere', gate: { hosts: { minRemote: 1 } }, failed: ['hosts'] },

  // On how many hosts
  {
    name: 'three hosts, this machine included',
    run: TWO,
    gate: { hosts: { distinctHosts: 3 } },
    failed: [],
  },
  {
    name: 'a fourth host that nobody lived on',
    run: TWO,
    gate: { hosts: { distinctHosts: 4 } },
    failed: ['hosts'],
  },
  {
    name: 'two names for one machine',
    run: rehearsedOn(EDGE, { ...YARD, identity: KEY('a') }),
    gate: { hosts: { distinctHosts: 3 } },
    failed: ['hosts'],
  },
  {
    name: 'two machines whose keys nobody saw',
    run: rehearsedOn(hostedNode(), hostedNode({ nodeId: 'n2', host: 'yard' })),
    gate: { hosts: { distinctHosts: 3 } },
    failed: ['hosts'],
  },
  {
    name: 'a container beside a machine',
    run: rehearsedOn(EDGE, BOX),
    gate: { hosts: { distinctHosts: 3 } },
    failed: [],
  },

  // Of which kind
  {
    name: 'the kinds that are accepted',
    run: rehearsedOn(EDGE, BOX),
    gate: { hosts: { kinds: ['local', 'ssh', 'docker'] } },
    failed: [],
  },
  {
    name: 'a container where machines are asked for',
    run: rehearsedOn(EDGE, BOX),
    gate: { hosts: { kinds: ['local', 'ssh'] } },
    failed: ['hosts'],
  },
  {
    name: 'a node on this machine, which is not accepted',
    run: TWO,
    gate: { hosts: { kinds: ['ssh'] } },
    failed: ['hosts'],
  },
  {
    name: 'nodes on this machine alone, which is accepted',
    gate: { hosts: { kinds: ['local'] } },
    failed: [],
  },

  // How well their clocks were known: at the worst of both ends
  {
    name: 'clocks known just as well as asked',
    run: TWO,
    gate: { hosts: { maxClockErrorMs: 0.4 } },
    failed: [],
  },
  {
    name: 'a clock that was known too little at the start',
    run: TWO,
    gate: { hosts: { maxClockErrorMs: 0.35 } },
    failed: ['hosts'],
  },

  // On which system
  ...(['linux', 'linux/x64'] as const).map((platform) => ({
    name: `the system ${platform}`,
    run: TWO,
    gate: { hosts: { platform } },
    failed: [],
  })),
  {
    name: 'one host with other processors',
    run: rehearsedOn(EDGE, { ...YARD, arch: 'arm64' }),
    gate: { hosts: { platform: 'linux/x64' } },
    failed: ['hosts'],
  },
  {
    name: 'other processors of the machine that rehearsed',
    run: { ...TWO, environment: { arch: 'arm64' } },
    gate: { hosts: { platform: 'linux/x64' } },
    failed: ['hosts'],
  },
];

describe('the gate of production and hosts', () => {
  testCases(CASES);

  const said = (question: Parameters<typeof ask>[0]) =>
    ask(question).rules.find(({ rule }) => rule === 'hosts');

  it('names the hosts that nodes lived on, and is not asked where all lived here', () => {
    assert.equal(
      said({ run: TWO })?.sentence,
      'Nodes on other hosts: n1 on edge (ssh), n2 on yard (ssh).',
    );
    assert.equal(said({})?.status, 'skipped');
  });

  it('tells all that is missing, and what is but the word of a host', () => {
    const run = rehearsedOn({ ...EDGE, arch: 'arm64' }, BOX);
    const hosts = {
      kinds: ['ssh' as const],
      ...{ minRemote: 3, distinctHosts: 4, maxClockErrorMs: 0.1, platform: 'linux/x64' },
    };
    assert.equal(
      said({ run, gate: { hosts } })?.sentence,
      [
        'Nodes lived on hosts of other kinds than ssh: n0 (local), n2 (docker).',
        '2 of its 3 nodes lived elsewhere than on the machine that rehearsed; at least 3 are required: rehearse with --spread or --on.',
        'Its nodes lived on 3 different hosts, the machine that rehearsed included; at least 4 are required: rehearse with --spread or --on.',
        'The clock of n1 on edge was known to 0.4 ms; at most 0.1 ms are allowed.',
        'n1 ran on linux/arm64, by what its host says of itself; linux/x64 is required.',
      ].join(' '),
    );
    assert.match(
      said({ run: TWO, gate: { hosts: { platform: 'linux' } } })?.sentence ?? '',
      /They say of themselves that they are linux\.$/,
    );
  });

  it('has to be asked for something that can be', () => {
    const problem = (hosts: unknown) =>
      environmentSchema.safeParse({ target: { kind: 'directory', path: 'x' }, gate: { hosts } })
        .error?.issues[0]?.message ?? '';
    assert.match(problem({}), /must ask for something, such as "minRemote": 2/);
    for (const wrong of [
      { minRemote: 0 },
      { kinds: [] },
      { kinds: ['moon'] },
      { platform: 'A B' },
    ]) {
      assert.notEqual(problem(wrong), '', JSON.stringify(wrong));
    }
    assert.equal(problem({ minRemote: 1 }), '');
  });
});

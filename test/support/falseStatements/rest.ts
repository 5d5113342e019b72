import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { CONTAINED } from '../../../src/model/invariants.ts';
import { one, CHAOS, FAIL, VIRTUAL, E, R, at, plan, type FalseStatement } from './edit.ts';
import { set, type JsonEdit } from '../jsonEdit.ts';

function matrix(value: (from: number, to: number) => number): JsonEdit {
  return (root) => {
    const { result } = (root as EvidenceStatement).predicate.meshsim_evidence;
    result.latencyMatrix = result.latencyMatrix.map((row, from) =>
      row.map((_, to) => (from === to ? 0 : value(from, to))),
    );
  };
}

/** `converged` held, with: nodes, services, first and last ms. */
function toldHealth(numbers: string): JsonEdit {
  const [nodes, services, from, to] = numbers.split(' ');
  return set(
    `${E}invariants.3.details`,
    `After the last fault all ${nodes} reachable nodes are healthy: each of their ${services} services passed its health check, asked from ${from} to ${to} ms after the run began.`,
  );
}

export const REST: readonly FalseStatement[] = [
  one(
    CHAOS,
    'nodes that were held up and yet left no process',
    /held up and ran on, and yet/,
    set(`${E}held`, true),
  ),
  one(
    VIRTUAL,
    'nodes of virtual time that were held up',
    /no process runs in virtual time/,
    set(`${E}held`, true),
  ),
  one(
    CHAOS,
    'latencies of zero',
    /shorter than the plan/,
    matrix(() => 0),
  ),
  one(
    CHAOS,
    'latencies faster than the links',
    /shorter than the plan/,
    matrix(() => 39),
  ),
  one(
    CHAOS,
    'latencies longer than the run',
    /longer than the run/,
    matrix(() => 1e7),
  ),
  one(
    VIRTUAL,
    'a pass in which nobody hears another',
    /no node hears another/,
    matrix(() => -1),
  ),
  one(
    FAIL,
    'latencies measured by a node that was never healthy',
    /never healthy/,
    set(`${R}latencyMatrix.1.0`, 120),
  ),
  one(
    CHAOS,
    'a real plan over a virtual network',
    /real world/,
    set(`${E}environment.fidelity`, 'virtual'),
  ),
  one(
    VIRTUAL,
    'a virtual plan over a real network',
    /virtual world/,
    set(`${E}environment.fidelity`, 'datagram'),
  ),
  one(
    VIRTUAL,
    'secrets in virtual time',
    /fingerprint/,
    set(`${E}environment.envFingerprint`, 'c'.repeat(64)),
  ),
  one(
    VIRTUAL,
    'isolation of services in virtual time',
    /no service runs in virtual time/,
    set(`${E}environment.isolation`, 'none'),
  ),
  one(
    CHAOS,
    'isolation on a system that has none',
    /which only Linux gives/,
    set(`${E}environment.isolation`, 'full'),
    set(`${E}environment.os`, 'darwin'),
  ),
  one(
    CHAOS,
    'processes that could not be left, without isolation',
    /takes isolation "full", but names none/,
    set(`${E}environment.fidelity`, 'datagram'),
    (root) =>
      Reflect.deleteProperty(
        (root as EvidenceStatement).predicate.meshsim_evidence.environment,
        'isolation',
      ),
    set(`${E}invariants.4.details`, `None was left: ${CONTAINED}.`),
  ),
  one(
    VIRTUAL,
    'content before it left the entry node',
    /before n0/,
    set(`${at(0, 1)}.end`, '2026-01-01T00:00:00.900Z'),
    ...[2, 3, 4].flatMap((phase) => [
      set(`${at(0, phase)}.start`, '2026-01-01T00:00:00.900Z'),
      set(`${at(0, phase)}.end`, '2026-01-01T00:00:00.900Z'),
    ]),
  ),
  one(
    CHAOS,
    'no convergence, for no reason',
    /outcome/,
    set(`${E}invariants.3.observed`, 'violated'),
  ),
  one(CHAOS, 'two packs', /link to the pack entry once/, set(`${E}links.1.rel`, 'deploy')),
  one(CHAOS, 'the run before it is its pack', /as the run before it/, (root) => {
    const { links } = (root as EvidenceStatement).predicate.meshsim_evidence;
    Object.assign(links[1]!, { digest: links[0]!.digest });
  }),
  one(CHAOS, 'fewer events than it reports', /counts 3 events/, set(`${E}events.count`, 3)),
  one(
    CHAOS,
    'a colour in a sentence',
    /hidden character/,
    set(`${at(3, 2)}.details`, '\u001b[32mall is well'),
  ),
  one(CHAOS, 'a C1 control', /hidden character/, set(`${E}environment.product`, 'a\u009b')),
  one(CHAOS, 'a direction', /hidden character/, set(`${E}invariants.0.details`, 'H\u202eeld')),
  one(
    CHAOS,
    'a character that is not seen',
    /hidden character/,
    set(`${E}environment.os`, 'lin\u200bux'),
  ),
  one(
    CHAOS,
    'a sentence of a megabyte',
    /at most 4000/,
    set(`${E}invariants.0.details`, 'x'.repeat(1_000_000)),
  ),
  one(CHAOS, 'no product', /does not name/, set(`${E}environment.product`, '')),
  one(CHAOS, 'no reason for a judgement', /does not say why/, set(`${E}invariants.0.details`, '')),
  one(
    CHAOS,
    'health of more nodes than are healthy',
    /5 nodes were asked/,
    toldHealth('5 15 9999999 9999999'),
  ),
  one(
    CHAOS,
    'health of more services than ran',
    /5 services of 4 nodes were asked, but 4 ran/,
    toldHealth('4 5 9999999 9999999'),
  ),
  one(
    CHAOS,
    'more one-shot services than ran',
    /7 services of 4 nodes were asked, or had exited with code 0, but 4 ran/,
    set(
      `${E}invariants.3.details`,
      'After the last fault all 4 reachable nodes are healthy: each of their 4 services passed its health check, asked from 9999998 to 9999999 ms after the run began; their 3 one-shot services had exited with code 0 before.',
    ),
  ),
  one(
    FAIL,
    'services that not all nodes have',
    /have the same ones/,
    set(`${E}invariants.3.observed`, 'held'),
    toldHealth('2 5 9999999 9999999'),
  ),
  one(
    CHAOS,
    'a placement of a stranger',
    /places "ledger", which is no service/,
    plan('placement', { ledger: ['n1'] }),
  ),
  one(CHAOS, 'placed services that ran nowhere', /does not say where/, (root) => {
    delete (root as { predicate: { meshsim_evidence: { ran?: unknown } } }).predicate
      .meshsim_evidence.ran;
  }),
  one(
    CHAOS,
    'a service on a node where it is not placed',
    /"orders" ran on n0, where its plan does not place it/,
    set(`${E}ran.0.services`, ['orders']),
  ),
  one(
    CHAOS,
    'a healthy node without its service',
    /not that "orders" ran there/,
    set(`${E}ran.1.services`, []),
  ),
  one(
    CHAOS,
    'a service of another Capsule',
    /"ledger" ran on n0, which is no service/,
    set(`${E}ran.0.services`, ['ledger']),
  ),
  one(
    CHAOS,
    'a service that ran twice on a node',
    /twice that a service ran on n2/,
    set(`${E}ran.2.services`, ['orders', 'orders']),
  ),
  one(CHAOS, 'services of a node twice', /of every node once/, set(`${E}ran.2.nodeId`, 'n1')),
  one(
    FAIL,
    'services on a node that halted before it started any',
    /ran on n1, which never started any/,
    set(`${E}ran`, [
      { nodeId: 'n0', services: ['orders'] },
      { nodeId: 'n1', services: ['orders'] },
      { nodeId: 'n2', services: ['orders'] },
    ]),
  ),
  one(
    VIRTUAL,
    'services that ran in virtual time',
    /says where services ran, but none runs/,
    set(
      `${E}ran`,
      ['n0', 'n1', 'n2', 'n3'].map((nodeId) => ({ nodeId, services: [] })),
    ),
  ),
  one(
    CHAOS,
    'health asked after the run',
    /to 9999999 ms of a run/,
    toldHealth('4 8 9999998 9999999'),
  ),
  one(
    CHAOS,
    'health asked before the last fault',
    /before the last fault was over/,
    toldHealth('4 8 1 2'),
  ),
  one(
    VIRTUAL,
    'health of services in virtual time',
    /none runs in virtual time/,
    toldHealth('2 4 1 2'),
  ),
  one(
    VIRTUAL,
    'isolated nodes in virtual time',
    /had isolation "network"/,
    set(`${E}environment.isolation`, 'network'),
  ),
  one(
    VIRTUAL,
    'another count of refusals',
    /by node they are/,
    set(
      `${E}invariants.2.details`,
      '9 manifests and chunks were refused and none of them was relayed.',
    ),
  ),
  one(
    FAIL,
    'a phase that overlaps the next',
    /before the one before it ended/,
    set(`${at(0, 1)}.end`, '2026-01-05T09:00:00.600Z'),
  ),
  one(
    FAIL,
    'a topology that leaves a node out',
    /cannot be reached|can not be reached/,
    plan('topology', {
      kind: 'custom',
      links: [
        { from: 'n0', to: 'n1' },
        { from: 'n1', to: 'n0' },
      ],
    }),
  ),
  one(
    FAIL,
    'drift of a node that is not there',
    /drift names n8/,
    plan('drift', [{ node: 'n8', service: 'orders', commit: '9c0abe5' }]),
  ),
];

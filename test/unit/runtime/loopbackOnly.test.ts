import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { socketsOf } from '../../../src/agent/box/socketTable.ts';
import { CONNECTION_STATUSES } from '../../../src/model/connectionStatus.ts';
import type { Connections, MeshEventBody } from '../../../src/model/events.ts';
import { LoopbackOnly } from '../../../src/runtime/real/loopbackOnly.ts';

const [LOOPBACK, ANY, MESH] = ['0100007F', '00000000', '0200630A'];
const LOOPBACK_V6 = '00000000000000000000000001000000';
const ANY_V6 = '00000000000000000000000000000000';
const MAPPED = '0000000000000000FFFF00000100007F';

const [OPENED, REFUSED] = ['opened', 'refused'].map((status) =>
  CONNECTION_STATUSES.indexOf(status as (typeof CONNECTION_STATUSES)[number]),
);
const SERVICES = [
  { name: 'front', ports: { http: 7302 } },
  { name: 'store', ports: { http: 7301, admin: 7309 } },
];
const FOUND =
  'Service "store" listens on 127.0.0.1 only (port 7301) on n1, where no other node reaches it: have it listen on 0.0.0.0.';

/** Sockets of n1, which has a box, as have all; of others there are none. */
function worldWith(addresses: readonly string[], placement?: Record<string, string[]>) {
  const told: MeshEventBody[] = [];
  const sockets = addresses.map((address) => ({ address, port: 7301, listens: true }));
  const nodes = [0, 1, 2].map((index) => ({
    index,
    surroundings: [{ isolation: 'full' as const, pid: index }],
  }));
  const loopbackOnly = new LoopbackOnly({
    nodes,
    of: { capsule: { manifest: { services: SERVICES } }, plan: { placement } },
    emit: (body) => told.push(body),
    sockets: (pid) => [
      { address: LOOPBACK, port: 7309, listens: false },
      ...(pid === 1 ? sockets : []),
    ],
  });
  return { loopbackOnly, told };
}

/** n0 was met with this by n1. */
function met(status: number | undefined, target = 'store.http'): Connections {
  const columns = { link: [1], target: [0], status: [status ?? -1], seen: [1], count: [1] };
  return { targets: [target], ...columns, rttMs: [-1] };
}

describe('services that listen on loopback only', () => {
  it('are told of where a connection of another node is refused, once', () => {
    const { loopbackOnly, told } = worldWith([LOOPBACK]);
    loopbackOnly.note(met(REFUSED));
    loopbackOnly.note(met(REFUSED));
    assert.deepEqual(told, [
      { type: 'log', nodeId: 'n1', service: 'store', status: 'agent', text: FOUND },
    ]);
    assert.deepEqual(loopbackOnly.sentencesOf(['store']), [FOUND]);
    assert.deepEqual(loopbackOnly.sentencesOf(['front']), []);
  });

  it('are not looked for while they are reached, nor behind ports that are of no service', () => {
    const { loopbackOnly, told } = worldWith([LOOPBACK]);
    loopbackOnly.note(met(OPENED));
    loopbackOnly.note(met(REFUSED, 'tcp 7301'));
    assert.deepEqual(told, []);
  });

  it('are those of which every listening socket is, whatever the kernel calls it', () => {
    const tells = (...addresses: string[]) => {
      const { loopbackOnly } = worldWith(addresses);
      loopbackOnly.note(met(REFUSED));
      return loopbackOnly.sentencesOf(['store']).map((text) => / on (.*) only/.exec(text)?.[1]);
    };
    assert.deepEqual(tells(), []);
    assert.deepEqual(tells(ANY), []);
    assert.deepEqual(tells(LOOPBACK, MESH), []);
    assert.deepEqual(tells(LOOPBACK, ANY_V6), []);
    assert.deepEqual(tells(LOOPBACK_V6), ['::1']);
    assert.deepEqual(tells(MAPPED), ['127.0.0.1']);
    assert.deepEqual(tells(LOOPBACK, LOOPBACK_V6), ['127.0.0.1 and ::1']);
  });

  it('are said behind the sentence with which a node failed that they had refused', () => {
    const placement = { front: ['n0'], store: ['n1'] };
    const [caller, other] = [{ index: 0 }, { index: 2 }];
    const { loopbackOnly } = worldWith([LOOPBACK], placement);
    const slow = 'Service "front" on n0 was not healthy within 9 ms.';
    assert.equal(loopbackOnly.withReason(caller, slow), slow);
    loopbackOnly.note(met(REFUSED));
    assert.equal(loopbackOnly.withReason(caller, slow), `${slow} ${FOUND}`);
    assert.equal(loopbackOnly.withReason(other, slow), slow);
  });

  it('are found by what the failed service said, before the network has told of it', () => {
    const placement = { front: ['n0'], store: ['n1'] };
    const { loopbackOnly } = worldWith([LOOPBACK], placement);
    const refused = 'It said: Error: connect ECONNREFUSED 10.99.0.2:7301.';
    assert.equal(loopbackOnly.withReason({ index: 0 }, refused), `${refused} ${FOUND}`);
  });
});

describe('sockets that listen, as the kernel lists them', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('are those of the network of a process', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const listening = socketsOf(process.pid, 'tcp').filter((one) => one.port === port);
    assert.deepEqual(
      listening.map(({ address, listens }) => [address, listens]),
      [[LOOPBACK, true]],
    );
    server.close();
  });

  it('are none of a process that has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    assert.deepEqual(socketsOf(child.pid ?? 0, 'tcp'), []);
  });
});

import assert from 'node:assert/strict';
import { drawUnit } from '../../../src/base/random.ts';
import { CONNECTION_STATUSES } from '../../../src/model/connectionStatus.ts';
import { eventSchema } from '../../../src/model/events.ts';
import { BLACKHOLED, DELIVERED, LOST, REFUSED } from '../../../src/network/fate.ts';
import { portNamesOf } from '../../../src/runtime/real/switch/traffic/targetNames.ts';
import {
  TrafficMeter,
  type TrafficEvent,
} from '../../../src/runtime/real/switch/traffic/trafficMeter.ts';
import { ipv4Packet } from '../../support/ipv4.ts';
import { seenSegment, type Segment } from '../../support/tcp.ts';

const SERVICES = [
  { name: 'orders', ports: { http: 7302 } },
  { name: 'ledger', ports: { http: 7303, admin: 7304 } },
];
const CLIENT = { from: 0, to: 1, ports: [40_000, 7302] } as const;
const SERVER = { from: 1, to: 0, ports: [7302, 40_000] } as const;

/** What a meter of three nodes tells of these segments. */
function toldOf(segments: readonly Segment[], now = 1_000) {
  const meter = new TrafficMeter(3, portNamesOf(SERVICES));
  for (const segment of segments) meter.see(seenSegment(segment));
  return partsOf(meter.take(now));
}

function partsOf(events: readonly TrafficEvent[]) {
  const traffic = events.find((event) => event.type === 'traffic')?.traffic;
  const connections = events.find((event) => event.type === 'connections')?.connections;
  const statuses = connections?.status.map((status) => CONNECTION_STATUSES[status]) ?? [];
  return { traffic, connections, statuses };
}

const HANDSHAKE: readonly Segment[] = [
  { ...CLIENT, sent: 100, flags: ['syn'] },
  { ...SERVER, sent: 111, due: 141.5, flags: ['syn', 'ack'], sequence: 7 },
  { ...CLIENT, sent: 142, flags: ['ack'] },
];

describe('runtime/real: what events tell of traffic between services', () => {
  it('sums up packets by link, target and direction, and what became of them', () => {
    const { traffic } = toldOf([
      ...HANDSHAKE,
      { ...CLIENT, sent: 143, flags: ['ack'], payload: 'GET /' },
      { ...SERVER, sent: 160, flags: ['ack'], payload: '200', outcome: LOST },
    ]);
    assert.deepEqual(traffic, {
      from: 0,
      until: 1_000,
      targets: ['orders'],
      link: [1, 3],
      target: [0, 0],
      toward: [1, 0],
      packets: [3, 2],
      bytes: [40 * 3 + 5, 40 * 2 + 3],
      dropped: [0, 1],
      delayMs: [10, 30.5],
    });
  });

  it('tells of a connection that opens, with the round trip of its handshake, and of its end', () => {
    const ends: Segment[] = [
      { ...CLIENT, sent: 200, flags: ['fin', 'ack'] },
      { ...SERVER, sent: 220, flags: ['fin', 'ack'] },
    ];
    const { connections, statuses } = toldOf([...HANDSHAKE, ...ends]);
    assert.deepEqual(statuses, ['opened', 'closed']);
    assert.deepEqual(connections?.link, [1, 1], 'client and server, whoever sent last');
    assert.deepEqual(connections.targets, ['orders']);
    assert.deepEqual(connections.rttMs, [41.5, -1]);
    assert.deepEqual(connections.seen, [141.5, 230]);
  });

  it('tells no round trip where a packet of the handshake was repeated: whose answer came is not known', () => {
    const [syn, ...rest] = HANDSHAKE;
    const lost = { ...syn!, sent: 20, outcome: LOST };
    const { connections, statuses } = toldOf([lost, syn!, ...rest]);
    assert.deepEqual([statuses, connections?.rttMs], [['opened'], [-1]]);
  });

  it('tells of connections that a fault refuses, as those of a host that has no such service', () => {
    const [syn] = HANDSHAKE;
    assert.deepEqual(toldOf([{ ...syn!, outcome: REFUSED }]).statuses, ['refused']);
    const later = {
      ...CLIENT,
      sent: 150,
      flags: ['ack'] as const,
      payload: 'GET /',
      outcome: REFUSED,
    };
    assert.deepEqual(toldOf([...HANDSHAKE, later]).statuses, ['opened', 'reset']);
    // The client's own packets get there, and what is turned away is the answer to them.
    const answer = { ...HANDSHAKE[1]!, outcome: REFUSED };
    assert.deepEqual(toldOf([syn!, answer]).statuses, []);
    assert.deepEqual(toldOf([syn!, answer], 4_000).statuses, ['timed-out']);
    assert.deepEqual(toldOf([{ ...syn!, outcome: REFUSED }]).traffic?.dropped, [1]);
  });

  it('tells refused from reset, by whether an answer had come', () => {
    const refused = toldOf([
      HANDSHAKE[0]!,
      { ...SERVER, sent: 110, flags: ['rst', 'ack'], sequence: 0 },
    ]);
    assert.deepEqual(refused.statuses, ['refused']);
    const reset = toldOf([...HANDSHAKE, { ...SERVER, sent: 150, flags: ['rst'] }]);
    assert.deepEqual(reset.statuses, ['opened', 'reset']);
    const lost = toldOf([...HANDSHAKE, { ...SERVER, sent: 150, flags: ['rst'], outcome: LOST }]);
    assert.deepEqual(lost.statuses, ['opened'], 'a RST that never came ends nothing');
  });

  it('tells of silence once, and of the answer that comes all the same', () => {
    const meter = new TrafficMeter(3, portNamesOf(SERVICES));
    for (const sent of [100, 1_100, 3_100]) {
      meter.see(seenSegment({ ...CLIENT, sent, flags: ['syn'], outcome: BLACKHOLED }));
    }
    assert.deepEqual(partsOf(meter.take(3_050)).statuses, []);
    assert.deepEqual(partsOf(meter.take(3_150)).statuses, ['timed-out']);
    assert.deepEqual(partsOf(meter.take(3_250)).statuses, []);
    meter.see(seenSegment({ ...SERVER, sent: 3_300, flags: ['syn', 'ack'] }));
    assert.deepEqual(partsOf(meter.take(3_350)).statuses, ['opened']);
    meter.see(seenSegment({ ...CLIENT, sent: 3_360, flags: ['ack'] }));
    // Nobody asks for anything, so their silence is none.
    assert.deepEqual(partsOf(meter.take(60_000)).statuses, []);
    meter.see(seenSegment({ ...CLIENT, sent: 60_100, flags: ['ack'], payload: 'x' }));
    assert.deepEqual(partsOf(meter.take(63_200)).statuses, ['timed-out']);
  });

  it('names ports as people do, and what is no TCP by its protocol', () => {
    const meter = new TrafficMeter(3, portNamesOf(SERVICES));
    const ends = { from: 0, to: 2, number: 0, sent: 1, configured: 1, due: 2, arrived: 2 };
    const outcome = DELIVERED;
    for (const [protocol, sourcePort, targetPort] of [
      [17, 40_000, 53],
      [17, 40_000, 7302],
      [6, 7304, 40_000],
      [6, 40_000, 5432],
      [1, 8 * 256, 9],
    ] as const) {
      const packet = ipv4Packet({ ...ends, protocol });
      meter.see({ ...ends, packet, protocol, sourcePort, targetPort, outcome });
    }
    const { traffic } = partsOf(meter.take(100));
    assert.deepEqual(
      traffic?.targets.map((name, index) => [name, traffic.toward[index]]),
      [
        ['udp 53', 1],
        ['orders (udp)', 1],
        ['ledger.admin', 0],
        ['tcp 5432', 1],
        ['icmp', 1],
      ],
    );
  });

  it('stays below 2 MB a minute at 10,000 packets a second, whatever they are', () => {
    const [nodes, seconds, perTick] = [10, 2, 1_000];
    const meter = new TrafficMeter(nodes, portNamesOf(SERVICES));
    let bytes = 0;
    let packets = 0;
    const tell = (events: readonly TrafficEvent[]) => {
      for (const body of events) {
        const event = { seq: 1_000_000, at: 59_999.999, simId: crypto.randomUUID(), ...body };
        bytes += JSON.stringify(eventSchema.parse(event)).length + 1;
        if (body.type === 'traffic') packets += body.traffic.packets.reduce((a, b) => a + b, 0);
      }
    };
    for (let tick = 1; tick <= seconds * 10; tick += 1) {
      for (let index = 0; index < perTick; index += 1) {
        const draw = (what: number) => drawUnit(609, tick * perTick + index, what);
        const from = Math.floor(draw(0) * nodes);
        const to = (from + 1 + Math.floor(draw(1) * (nodes - 1))) % nodes;
        const ports = [7302 + Math.floor(draw(2) * 40_000), 1_024 + (index % 300)] as const;
        const flags = draw(3) < 0.5 ? (['syn'] as const) : (['rst', 'ack'] as const);
        const sent = tick * 100 - draw(4) * 100;
        const sequence = index;
        meter.see(
          seenSegment({ from, to, ports, sent, flags, sequence, payload: 'x'.repeat(1_400) }),
        );
      }
      tell(meter.take(tick * 100));
    }
    assert.equal(packets, seconds * 10 * perTick, 'every packet is in a sum');
    const perMinute = (bytes / seconds) * 60;
    assert.ok(perMinute < 2e6, `${perMinute} bytes a minute`);
  });
});

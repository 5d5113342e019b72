import assert from 'node:assert/strict';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import { REFUSED } from '../../../src/network/fate.ts';
import { PacketCapture } from '../../../src/runtime/real/switch/packetCapture.ts';
import { Refusals, type RefusalNews } from '../../../src/runtime/real/switch/refusals.ts';
import { ipv4Packet } from '../../support/ipv4.ts';
import { Outlet, switchOfThree } from '../../support/switchOfThree.ts';

describe('the switch, of packets between services', () => {
  it('hands a packet over at its delay, untouched, to its receiver alone', () => {
    const { forwarder, outlets, seen, wakes, deliverAt } = switchOfThree();
    const packet = ipv4Packet({ from: 0, to: 2 });
    forwarder.acceptPacket(0, packet, 0);
    deliverAt(9.99);
    assert.deepEqual(
      outlets.map(({ arrived }) => arrived.length),
      [0, 0, 0],
    );
    assert.equal(wakes.at(-1), 10);
    deliverAt(10.2);
    assert.deepEqual(
      outlets.map(({ arrived }) => arrived.length),
      [0, 0, 1],
    );
    assert.equal(outlets[2]!.arrived[0], packet);
    const [one] = seen;
    assert.deepEqual(
      [one?.from, one?.to, one?.protocol, one?.targetPort, one?.number, one?.arrived],
      [0, 2, 17, 7302, 0, 10.2],
    );
  });

  it('wakes for a lone packet when it is due, and for many twice a millisecond', () => {
    const { forwarder, wakes, deliverAt, outlets } = switchOfThree();
    for (let k = 0; k < 100; k += 1) forwarder.acceptPacket(0, ipv4Packet(), k / 100);
    deliverAt(1);
    let wokenAt = 1;
    let count = 0;
    for (;;) {
      const next = wakes.at(-1)!;
      if (next <= wokenAt) break;
      wokenAt = next;
      count += 1;
      deliverAt(next);
      if (outlets[1]!.arrived.length === 100) break;
    }
    assert.equal(outlets[1]!.arrived.length, 100);
    assert.ok(count <= 4, `${count} wakes`);
  });

  it('is late by a quantum at most, and never early', () => {
    const { forwarder, wakes, seen, deliverAt } = switchOfThree({
      params: { nodes: 3, latencyMs: [5, 60] },
    });
    for (let k = 0; k < 500; k += 1) {
      const [sourcePort, at] = [k % 7, 0];
      forwarder.acceptPacket(0, ipv4Packet({ sourcePort }), at);
    }
    deliverAt(0);
    while (seen.length < 500) deliverAt(wakes.at(-1)!);
    const last = new Map<number, number>();
    for (const { sourcePort, number, configured, arrived } of [...seen].sort(
      (a, b) => a.number - b.number,
    )) {
      const due = Math.max(configured, last.get(sourcePort) ?? 0);
      last.set(sourcePort, due);
      assert.ok(
        arrived >= due && arrived <= due + 0.5 + 1e-9,
        `packet ${number}: ${arrived - due}`,
      );
    }
  });

  it('keeps the order of a stream up to the receiver', () => {
    const { forwarder, outlets, deliverAt } = switchOfThree({
      params: { nodes: 3, latencyMs: [5, 60] },
    });
    const packets = Array.from({ length: 200 }, (_, id) => ipv4Packet({ id }));
    for (const packet of packets) forwarder.acceptPacket(0, packet, 0);
    deliverAt(1000);
    assert.deepEqual(outlets[1]!.arrived, packets);
  });

  it('counts what may not travel by reason, and forwards nothing of it', () => {
    const { forwarder, outlets, emulator, seen, deliverAt } = switchOfThree();
    forwarder.acceptPacket(0, ipv4Packet({ from: 1, to: 2 }), 0);
    forwarder.acceptPacket(0, ipv4Packet({ to: 9 }), 0);
    forwarder.acceptPacket(0, ipv4Packet({ to: 9 }), 0);
    forwarder.acceptPacket(0, Buffer.alloc(40, 0x60), 0);
    forwarder.acceptPacket(0, ipv4Packet().subarray(0, 22), 0);
    deliverAt(100);
    assert.deepEqual(forwarder.refusedPackets, {
      'not-ipv4': 1,
      truncated: 1,
      malformed: 0,
      'foreign-source': 1,
      'foreign-destination': 2,
      'to-itself': 0,
      flood: 0,
      jam: 0,
    });
    assert.deepEqual([seen, emulator.linkReports('services')], [[], []]);
    assert.ok(outlets.every(({ arrived }) => arrived.length === 0));
  });

  for (const bytes of [0, 65_000]) {
    it(`keeps no more in memory than a flood may take, of packets with ${bytes} bytes`, () => {
      const { forwarder, outlets, emulator, deliverAt } = switchOfThree();
      const packet = ipv4Packet({ payload: Buffer.alloc(bytes) });
      const room = Math.floor((128 * 1024 * 1024) / (packet.length + 512));
      for (let k = 0; k < room + 3; k += 1) forwarder.acceptPacket(0, packet, 0);
      assert.equal(forwarder.refusedPackets.flood, 3);
      deliverAt(100);
      assert.equal(outlets[1]!.arrived.length, room);
      assert.equal(emulator.sentBytes('services'), room * packet.length);
      forwarder.acceptPacket(0, packet, 100);
      assert.equal(forwarder.refusedPackets.flood, 3);
    });
  }

  it('counts packets that found a relay which does not keep up as its own fault', () => {
    const { forwarder, outlets, emulator, deliverAt } = switchOfThree();
    outlets[1]!.isFull = true;
    forwarder.acceptPacket(0, ipv4Packet({ to: 1 }), 0);
    deliverAt(20);
    assert.equal(forwarder.refusedPackets.jam, 1);
    const [link] = emulator.linkReports('services');
    assert.deepEqual([link?.sent, link?.delivered, link?.unreachable], [1, 0, 0]);
  });

  it('counts packets to a node whose relay is gone', () => {
    const { forwarder, outlets, emulator, seen, deliverAt } = switchOfThree();
    outlets[1]!.isUp = false;
    forwarder.disconnectPackets(outlets[2]!);
    forwarder.acceptPacket(0, ipv4Packet({ to: 1 }), 0);
    forwarder.acceptPacket(0, ipv4Packet({ to: 2 }), 0);
    deliverAt(20);
    const peerDown = OUTCOMES.indexOf('peer-down');
    assert.deepEqual(
      seen.map(({ outcome }) => outcome),
      [peerDown, peerDown],
    );
    assert.deepEqual(
      emulator.linkReports('services').map(({ unreachable }) => unreachable),
      [1, 1],
    );
  });

  it('lets a relay that dials again take the place of its earlier connection', () => {
    const { forwarder, outlets, deliverAt } = switchOfThree();
    const again = new Outlet(1);
    forwarder.connectPackets(again);
    assert.ok(outlets[1]!.isClosed);
    forwarder.disconnectPackets(outlets[1]!);
    forwarder.acceptPacket(0, ipv4Packet(), 0);
    deliverAt(20);
    assert.equal(again.arrived.length, 1);
  });

  it('lets nothing through a partition, and says what became of it', () => {
    const { forwarder, outlets, emulator, seen, deliverAt } = switchOfThree();
    emulator.partition(0, [0], [1], true);
    forwarder.acceptPacket(0, ipv4Packet(), 0);
    forwarder.acceptPacket(1, ipv4Packet({ from: 1, to: 0 }), 0);
    deliverAt(20);
    assert.deepEqual(
      outlets.map(({ arrived }) => arrived.length),
      [1, 0, 0],
    );
    assert.equal(OUTCOMES[seen[0]?.outcome ?? 0], 'blackholed');
    assert.deepEqual(emulator.impairedBy('services'), [1]);
  });

  it('refuses packets across a cut while it lasts, where they were sent, and decides nothing on them', () => {
    const news: RefusalNews[] = [];
    const { forwarder, outlets, deliverAt } = switchOfThree({}, (one) => news.push(one));
    const sendBoth = (at: number) => {
      forwarder.acceptPacket(0, ipv4Packet(), at);
      forwarder.acceptPacket(0, ipv4Packet({ to: 2 }), at);
    };
    forwarder.refusals.begin({ fault: 3, from: [1], to: [0], oneWay: false });
    sendBoth(0);
    sendBoth(0);
    deliverAt(10);
    assert.deepEqual(
      outlets.map(({ arrived }) => arrived.length),
      [2, 0, 2],
      'n0 gets two answers, n2 both packets',
    );
    assert.deepEqual(news, [{ fault: 3, status: 'acted', packets: 1 }]);
    forwarder.refusals.end(3);
    assert.deepEqual(news.at(-1), { fault: 3, status: 'healed', packets: 1 });
    sendBoth(10);
    deliverAt(20);
    assert.equal(outlets[1]!.arrived.length, 1, 'carried again');
  });

  it('tells of packets it refuses, with what their sender got, and captures both', () => {
    const { forwarder, outlets, seen, deliverAt } = switchOfThree();
    forwarder.refusals.begin({ fault: 0, from: [0], to: [1], oneWay: true });
    const packet = ipv4Packet();
    forwarder.acceptPacket(0, packet, 0);
    deliverAt(10);
    const [one] = seen;
    assert.ok(one !== undefined && seen.length === 1);
    const { outcome, number, from, to, answer } = one;
    assert.deepEqual([outcome, number, from, to], [REFUSED, -1, 0, 1]);
    assert.equal(one.packet, packet);
    assert.ok(answer !== undefined);
    assert.deepEqual(outlets[0]!.arrived, [answer]);
    const capture = new PacketCapture('full', 0);
    capture.see(one);
    const { blocks = Buffer.alloc(0), packets } = capture.take(10) ?? {};
    assert.equal(packets, 2);
    const kept = Buffer.from(blocks);
    assert.ok(kept.includes('refused by a fault, before it was on n0→n1'));
    assert.ok(kept.includes('sent to n0 in the place of n1, by a fault that refuses'));
  });

  it('says of a refusal that no node with a wire could meet that it was not applied', () => {
    const news: RefusalNews[] = [];
    const refusals = new Refusals((one) => news.push(one));
    refusals.wired(2);
    refusals.begin({ fault: 0, from: [0], to: [2], oneWay: true });
    refusals.endAll();
    assert.deepEqual(news, [{ fault: 0, status: 'not-applied', packets: 0 }]);
  });
});

import assert from 'node:assert/strict';
import net from 'node:net';
import path from 'node:path';
import { encodeFrame, framePayload, readHeader, WIRE } from '../../../src/wire/frame.ts';
import { FrameReader } from '../../../src/wire/frameReader.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { MESSAGE } from '../../../src/mesh/io.ts';
import type { PacketBatch } from '../../../src/model/events.ts';
import { OUTCOMES } from '../../../src/model/packetClasses.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';
import { SwitchProcess } from '../../../src/runtime/real/switchProcess.ts';
import { DIST } from '../../support/commandLine.ts';

/** One emulator with raw sockets as agents. */
class World {
  readonly origin = systemClock.monotonic();
  readonly packets: PacketBatch[] = [];
  readonly emulator: SwitchProcess;
  readonly #sockets: net.Socket[] = [];

  constructor(plan: Partial<PlanInput>) {
    this.emulator = new SwitchProcess({
      entry: path.join(DIST, 'switch.cjs'),
      plan: planSchema.parse({ capsuleHash: '0'.repeat(64), ...plan }),
      origin: this.origin,
      onPackets: (packets) => this.packets.push(packets),
      onFailure: (error) => assert.fail(error),
    });
  }

  now(): number {
    return systemClock.monotonic() - this.origin;
  }

  async dial(node: number, onFrame: (frame: Buffer) => void, token = this.emulator.tokenOf(node)) {
    const socket = net.connect(await this.emulator.listening(), '127.0.0.1');
    this.#sockets.push(socket);
    const reader = new FrameReader(onFrame, { retain: true });
    socket.on('data', (bytes) => reader.push(bytes));
    const header = { from: node, to: node, a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
    socket.write(encodeFrame({ ...header, kind: WIRE.greeting }, null, Buffer.from(token)));
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.emulator.stop();
  }
}

/** However it was closed: a reset is fine. */
function closed(socket: net.Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Outcomes whose packets reach their receiver. */
const ARRIVES = new Set([OUTCOMES.indexOf('delivered'), OUTCOMES.indexOf('corrupt')]);

const PARAMS = { nodes: 2, latencyMs: [15, 40] as [number, number] };

describe('runtime/real: the emulator', () => {
  let world: World;
  afterEach(() => world.close());

  /** Sends `count` datagrams from n0 to n1, and resolves with what arrived once the emulator has decided all. */
  async function sendAll(count: number, kind: number, payload: Buffer) {
    const arrived: { number: number; at: number; payload: Buffer }[] = [];
    let welcomed: () => void;
    const isWelcome = new Promise<void>((resolve) => {
      welcomed = resolve;
    });
    await world.dial(1, (frame) => {
      const { kind: seen, a } = readHeader(frame);
      if (seen === WIRE.welcome) welcomed();
      else arrived.push({ number: a, at: world.now(), payload: framePayload(frame) });
    });
    await isWelcome;
    const sender = await world.dial(0, () => undefined);
    for (let a = 0; a < count; a += 1) {
      const header = { kind, from: 0, to: 1, a, b: 0, c: 0, d: 0, sentAt: world.now() };
      sender.write(encodeFrame(header, null, payload));
    }
    const seen = () => world.packets.reduce((sum, { number }) => sum + number.length, 0);
    while (seen() < count) await new Promise((resolve) => setImmediate(resolve));
    // What the emulator says it has handed over may still be on its way through the socket.
    const handedOver = column('outcome').filter((outcome) => ARRIVES.has(outcome)).length;
    while (arrived.length < handedOver) await new Promise((resolve) => setImmediate(resolve));
    return arrived;
  }

  function column(name: keyof PacketBatch): number[] {
    return world.packets.flatMap((batch) => batch[name]);
  }

  it('hands every datagram over at its delay, and never before', async () => {
    world = new World({ params: PARAMS });
    const arrived = await sendAll(300, MESSAGE.ack, Buffer.alloc(0));
    assert.equal(arrived.length, 300);
    const [sent, configured, at] = [column('sent'), column('configured'), column('arrived')];
    const errors = sent.map((ms, i) => at[i]! - ms - configured[i]!);
    assert.ok(Math.min(...errors) >= -0.001, `earliest ${Math.min(...errors)} ms`);
    assert.ok(configured.every((ms) => ms >= 15 && ms <= 40));
  });

  it('delivers what the model does not lose, and counts both', async () => {
    world = new World({ params: { ...PARAMS, packetLoss: 30 } });
    const arrived = await sendAll(400, MESSAGE.ack, Buffer.alloc(0));
    const { links } = await world.emulator.report();
    const link = links.find(({ from, to }) => from === 'n0' && to === 'n1');
    assert.equal(link?.sent, 400);
    assert.equal(link.delivered, arrived.length);
    assert.equal(link.dropped, 400 - arrived.length);
    assert.ok(link.dropped > 60 && link.dropped < 180, `${link.dropped} lost`);
  });

  it('damages exactly one byte of as many chunks as it is told', async () => {
    world = new World({ params: PARAMS });
    world.emulator.send({ type: 'corrupt', fault: 0, node: 1, count: 2 });
    const payload = Buffer.alloc(1_000, 7);
    const arrived = await sendAll(10, MESSAGE.chunk, payload);
    const changed = arrived.map(({ payload: got }) => got.filter((byte) => byte !== 7).length);
    assert.deepEqual(changed.sort(), [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    const corrupt = OUTCOMES.indexOf('corrupt');
    assert.equal(column('outcome').filter((outcome) => outcome === corrupt).length, 2);
  });

  it('lets nothing through a partition until it is healed', async () => {
    world = new World({ params: PARAMS });
    world.emulator.send({ type: 'partition', fault: 0, from: [0], to: [1], oneWay: true });
    assert.deepEqual(await sendAll(20, MESSAGE.ack, Buffer.alloc(0)), []);
    const blackholed = OUTCOMES.indexOf('blackholed');
    assert.deepEqual(new Set(column('outcome')), new Set([blackholed]));
  });

  it('hangs up on whoever does not know the token of its node, or speaks for another node', async () => {
    world = new World({ params: PARAMS });
    const stranger = await world.dial(0, () => assert.fail('welcomed'), 'x'.repeat(48));
    await closed(stranger);
    const other = await world.dial(0, () => assert.fail('welcomed'), world.emulator.tokenOf(1));
    await closed(other);
    const nobody = await world.dial(2, () => assert.fail('welcomed'), '');
    await closed(nobody);
    const liar = await world.dial(0, () => undefined);
    const header = { kind: MESSAGE.ack, from: 1, to: 0, a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
    liar.write(encodeFrame(header, null, null));
    await closed(liar);
  });

  it('hangs up on bytes that are no frames', async () => {
    world = new World({ params: PARAMS });
    const socket = net.connect(await world.emulator.listening(), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.resume();
    await closed(socket);
  });
});

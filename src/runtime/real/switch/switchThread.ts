import { timingSafeEqual } from 'node:crypto';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { MessagePort } from 'node:worker_threads';
import { encodeFrame, frameFrom, frameKind, framePayload, WIRE } from '../../../wire/frame.ts';
import { FrameReader } from '../../../wire/frameReader.ts';
import { systemClock } from '../../../base/clock.ts';
import { compilePlan } from '../../../mesh/compiledPlan.ts';
import { Emulator } from '../../../network/emulator.ts';
import { Alarm } from './alarm.ts';
import { AgentConnection } from './connection.ts';
import type { SwitchCommand, SwitchMessage, SwitchReport, SwitchThreadData } from './control.ts';
import { EmulatorSwitch } from './emulatorSwitch.ts';
import { MAX_BATCH_PACKETS, PacketColumns } from '../../packetColumns.ts';

/** How often packets are posted; clients draw batches of this length well. */
const BATCH_INTERVAL_MS = 50;

/** The emulator's thread: its port, its clock, its alarm, and the commands of the orchestrator. */
export function runSwitchThread(data: SwitchThreadData, port: MessagePort): void {
  const now = () => systemClock.monotonic() - data.origin;
  const { table, schedule } = compilePlan(data.plan);
  const emulator = new Emulator(table, schedule);
  const packets = new PacketColumns();
  const forwarder = new EmulatorSwitch({
    emulator,
    packets,
    now,
    wakeAt: (dueAt) => alarm.arm(dueAt + data.origin),
  });
  const alarm = new Alarm(data.entry, () => forwarder.deliverDue());

  const post = (message: SwitchMessage) => port.postMessage(message);
  const postPackets = () => {
    const batch = packets.take();
    if (batch !== null) post({ type: 'packets', packets: batch });
  };
  setInterval(postPackets, BATCH_INTERVAL_MS);

  const accept = (connection: AgentConnection, frame: Buffer) => {
    if (!forwarder.accept(connection.node, frame)) connection.close();
    if (packets.size >= MAX_BATCH_PACKETS) postPackets();
  };
  const server = net.createServer({ noDelay: true }, (socket) => {
    serveAgent(socket, data, { forwarder, accept });
  });
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
    post({ type: 'listening', port: (server.address() as AddressInfo).port });
  });

  port.on('message', (command: SwitchCommand) => {
    if (command.type === 'report') {
      postPackets();
      post({ type: 'report', report: reportOf(emulator, forwarder) });
    } else {
      change(emulator, command);
    }
  });
}

function reportOf(emulator: Emulator, forwarder: EmulatorSwitch): SwitchReport {
  return {
    links: emulator.linkReports(),
    timingErrorMs: emulator.timingError(),
    decisionsDigest: emulator.decisionsDigest(),
    impaired: emulator.impairedBy(),
    services: {
      links: emulator.linkReports('services'),
      timingErrorMs: emulator.timingError('services'),
      decisionsDigest: emulator.decisionsDigest('services'),
      impaired: emulator.impairedBy('services'),
      refused: forwarder.refusedPackets,
    },
  };
}

function change(emulator: Emulator, command: Exclude<SwitchCommand, { type: 'report' }>): void {
  switch (command.type) {
    case 'partition':
      emulator.partition(command.fault, command.from, command.to, command.oneWay);
      break;
    case 'heal':
      emulator.heal(command.fault);
      break;
    case 'degrade':
      emulator.degradeLink(command.fault, command.from, command.to, command.change);
      break;
    case 'slow':
      emulator.slow(command.fault, command.node, command.factor);
      break;
    case 'corrupt':
      emulator.corruptChunks(command.fault, command.node, command.count);
      break;
  }
}

interface AgentService {
  readonly forwarder: EmulatorSwitch;
  readonly accept: (connection: AgentConnection, frame: Buffer) => void;
}

/** A connection is nobody's until its first frame has named its node and shown the run's token. */
function serveAgent(socket: Socket, data: SwitchThreadData, service: AgentService): void {
  let connection: AgentConnection | undefined;
  const reader = new FrameReader(
    (frame) => {
      if (connection !== undefined) service.accept(connection, frame);
      else if (isGreeting(frame, data)) connection = welcomed(frame, socket, service.forwarder);
      else socket.destroy();
    },
    { retain: true },
  );
  socket.on('data', (bytes) => {
    try {
      reader.push(bytes);
    } catch {
      socket.destroy();
    }
    service.forwarder.deliverDue();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (connection !== undefined) service.forwarder.disconnect(connection);
  });
}

function isGreeting(frame: Buffer, data: SwitchThreadData): boolean {
  const shown = framePayload(frame);
  const token = Buffer.from(data.token);
  return (
    frameKind(frame) === WIRE.greeting &&
    frameFrom(frame) < data.plan.params.nodes &&
    shown.length === token.length &&
    timingSafeEqual(shown, token)
  );
}

function welcomed(greeting: Buffer, socket: Socket, forwarder: EmulatorSwitch): AgentConnection {
  const node = frameFrom(greeting);
  const connection = new AgentConnection(node, socket);
  forwarder.connect(connection);
  const header = { kind: WIRE.welcome, from: node, to: node, a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
  connection.add(encodeFrame(header, null, null));
  connection.flush();
  return connection;
}

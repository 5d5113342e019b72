import { timingSafeEqual } from 'node:crypto';
import net, { type AddressInfo, type Socket } from 'node:net';
import {
  encodeFrame,
  frameFrom,
  frameKind,
  framePayload,
  PACKETS_FOLLOW,
  readHeader,
  WIRE,
} from '../../../wire/frame.ts';
import { FrameReader } from '../../../wire/frameReader.ts';
import { systemClock } from '../../../base/clock.ts';
import { compilePlan } from '../../../mesh/compiledPlan.ts';
import { Emulator } from '../../../network/emulator.ts';
import { Alarm } from './alarm.ts';
import { AgentConnection } from './connection.ts';
import type { SwitchCommand, SwitchMessage, SwitchReport, SwitchData } from './control.ts';
import { EmulatorSwitch } from './emulatorSwitch.ts';
import { PacketCapture } from './packetCapture.ts';
import type { NodeOutlets } from './nodeOutlets.ts';
import type { RealPaths } from './realPaths.ts';
import type { Refusals } from './refusals.ts';
import { RelayConnection } from './relayConnection.ts';
import { TrafficMeter, type TrafficEvent } from './traffic/trafficMeter.ts';
import { MAX_BATCH_PACKETS, PacketColumns } from '../../packetColumns.ts';

/** How often packets are posted; clients draw batches of this length well. */
const BATCH_INTERVAL_MS = 50;
/** What services say to each other is told in sums of so long. */
const TRAFFIC_INTERVAL_MS = 100;

/** The emulator: its port, its clock, its alarm, and the commands of the orchestrator. */
export function runSwitch(
  data: SwitchData,
  post: (message: SwitchMessage) => void,
): (command: SwitchCommand) => void {
  const now = () => systemClock.monotonic() - data.origin;
  const { table, schedule } = compilePlan(data.plan);
  const emulator = new Emulator(table, schedule);
  const packets = new PacketColumns();
  const traffic = new TrafficMeter(data.plan.params.nodes, data.portNames);
  const { capture: wanted } = data;
  const capture = wanted && new PacketCapture(wanted.mode, wanted.startedAt);
  const forwarder = new EmulatorSwitch({
    emulator,
    packets,
    now,
    onServicePacket: (seen) => {
      traffic.see(seen);
      capture?.see(seen);
    },
    wakeAt: (dueAt) => alarm.arm(dueAt + data.origin),
    onRefusal: (news) => post({ type: 'refusal', news }),
  });
  const alarm = new Alarm(__filename, () => forwarder.deliverDue());

  const postPackets = () => {
    const batch = packets.take();
    if (batch !== null) post({ type: 'packets', packets: batch });
    const captured = capture?.take(now()) ?? null;
    if (captured !== null) post({ type: 'captured', captured });
  };
  const postTraffic = (events: readonly TrafficEvent[]) => {
    if (events.length > 0) post({ type: 'seen', events });
  };
  setInterval(postPackets, BATCH_INTERVAL_MS);
  setInterval(() => postTraffic(traffic.take(now())), TRAFFIC_INTERVAL_MS);

  const accept = (connection: AgentConnection, frame: Buffer) => {
    if (!forwarder.accept(connection.node, frame)) connection.close();
    if (packets.size >= MAX_BATCH_PACKETS) postPackets();
  };
  const server = net.createServer({ noDelay: true }, (socket) => {
    serveConnection(socket, data, { forwarder, accept, now });
  });
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
    post({ type: 'listening', port: (server.address() as AddressInfo).port });
  });

  return (command) => {
    if (command.type === 'report') {
      forwarder.refusals.endAll();
      postPackets();
      postTraffic(traffic.takeRest(now()));
      post({ type: 'report', report: reportOf(emulator, forwarder) });
    } else {
      const { refusals, outlets, paths } = forwarder;
      change({ emulator, refusals, outlets, paths }, command);
    }
  };
}

function reportOf(emulator: Emulator, forwarder: EmulatorSwitch): SwitchReport {
  return {
    links: emulator.linkReports(),
    timingErrorMs: emulator.timingError(),
    decisionsDigest: emulator.decisionsDigest(),
    impaired: emulator.impairedBy(),
    services: {
      links: emulator.linkReports('services'),
      bytes: emulator.sentBytes('services'),
      timingErrorMs: emulator.timingError('services'),
      decisionsDigest: emulator.decisionsDigest('services'),
      impaired: emulator.impairedBy('services'),
      refused: forwarder.refusedPackets,
    },
  };
}

type Change = Exclude<SwitchCommand, { type: 'report' }>;
interface Changed {
  readonly emulator: Emulator;
  readonly refusals: Refusals;
  readonly outlets: NodeOutlets;
  readonly paths: RealPaths;
}
type Changes = {
  readonly [Type in Change['type']]: (
    changed: Changed,
    command: Extract<Change, { type: Type }>,
  ) => void;
};

const CHANGES: Changes = {
  partition: ({ emulator }, { fault, from, to, oneWay }) =>
    emulator.partition(fault, from, to, oneWay),
  heal: ({ emulator }, { fault }) => emulator.heal(fault),
  degrade: ({ emulator }, { fault, from, to, change: by }) =>
    emulator.degradeLink(fault, from, to, by),
  slow: ({ emulator }, { fault, node, factor }) => emulator.slow(fault, node, factor),
  corrupt: ({ emulator }, { fault, node, count }) => emulator.corruptChunks(fault, node, count),
  refuse: ({ refusals }, cut) => refusals.begin(cut),
  'end-refusal': ({ refusals }, { fault }) => refusals.end(fault),
  lead: ({ outlets }, { places }) => outlets.lead(places),
  retire: ({ outlets }, { node, place }) => outlets.retire(node, place),
  path: ({ paths }, { node, upMs, downMs }) => paths.set(node, { upMs, downMs }),
};

function change(changed: Changed, command: Change): void {
  (CHANGES[command.type] as (of: Changed, by: Change) => void)(changed, command);
}

interface AgentService {
  readonly forwarder: EmulatorSwitch;
  readonly accept: (connection: AgentConnection, frame: Buffer) => void;
  /** ms since the run began. */
  readonly now: () => number;
}

/** A connection is nobody's until its first frame has named its node and shown the token of that. */
function serveConnection(socket: Socket, data: SwitchData, service: AgentService): void {
  const { forwarder } = service;
  let agent: AgentConnection | undefined;
  let relay: RelayConnection | undefined;
  const reader = new FrameReader(
    (frame) => {
      if (agent !== undefined) service.accept(agent, frame);
      else if (isGreeting(frame, data, WIRE.greeting)) {
        agent = new AgentConnection(frameFrom(frame), socket);
        forwarder.connect(agent);
        welcome(agent.node, socket, 0);
      } else if (isGreeting(frame, data, WIRE.relay)) {
        const { from: node, a: place } = readHeader(frame);
        relay = relayOf({ node, place }, socket, service);
        welcome(relay.node, socket, PACKETS_FOLLOW);
      } else socket.destroy();
    },
    { retain: true },
  );
  socket.on('data', (bytes) => {
    try {
      // Nothing follows a greeting before it was answered, so one read never holds frames and packets.
      (relay ?? reader).push(bytes);
    } catch {
      socket.destroy();
    }
    forwarder.deliverDue();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (agent !== undefined) forwarder.disconnect(agent);
    if (relay !== undefined) forwarder.disconnectPackets(relay);
  });
}

/** Packets reach it once the device of its box is up. */
function relayOf(
  of: Pick<RelayConnection, 'node' | 'place'>,
  socket: Socket,
  { forwarder, now }: AgentService,
): RelayConnection {
  const relay: RelayConnection = new RelayConnection(of, socket, {
    now,
    onUp: () => forwarder.connectPackets(relay),
    onPacket: (packet, readAt) => forwarder.acceptPacket(of.node, packet, readAt, of.place),
  });
  return relay;
}

function isGreeting(frame: Buffer, data: SwitchData, kind: number): boolean {
  const shown = framePayload(frame);
  const token = Buffer.from(data.tokens[frameFrom(frame)] ?? '');
  return (
    frameKind(frame) === kind &&
    token.length > 0 &&
    shown.length === token.length &&
    timingSafeEqual(shown, token)
  );
}

function welcome(node: number, socket: Socket, a: number): void {
  const header = { kind: WIRE.welcome, from: node, to: node, a, b: 0, c: 0, d: 0, sentAt: 0 };
  socket.write(encodeFrame(header, null, null));
}

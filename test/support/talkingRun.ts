import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawUnit } from '../../src/base/random.ts';
import { CONNECTION_STATUSES, type ConnectionStatus } from '../../src/model/connectionStatus.ts';
import type { MeshEventBody } from '../../src/model/events.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { PHASES, planSchema } from '../../src/model/plan.ts';
import { RunRecorder } from '../../src/runtime/recorder.ts';

const NODES = 5;
const SECONDS = 6;
const SEED = 609;

/** Who talks to whom from when to when (s), and how many packets a second go each way. */
const TALKS = [
  { client: 1, server: 0, target: 0, from: 1, to: 6, perSecond: 900 },
  { client: 2, server: 0, target: 0, from: 1.2, to: 6, perSecond: 120 },
  { client: 4, server: 2, target: 1, from: 2, to: 4.5, perSecond: 6_000 },
  { client: 3, server: 4, target: 2, from: 1.5, to: 6, perSecond: 20 },
] as const;
/** What faults do to services, from when to when (ms), and the nodes that tell of it: none, where the switch does. */
const FAULTS = [
  {
    ...{ at: 1_500, until: 3_000, nodes: [], told: { details: 'packets are refused' } },
    effect: { refuse: { from: ['n3'], to: ['n4'] }, forMs: 1_500 },
  },
  {
    ...{ at: 2_000, until: 3_500, nodes: ['n1'], told: { details: 'orders on n1 is paused' } },
    effect: { pause: 'n1', services: ['orders'], forMs: 1_500 },
  },
  {
    ...{ at: 2_500, until: 3_300, nodes: ['n2'], told: { details: 'ledger on n2 was killed' } },
    effect: { killService: { node: 'n2', service: 'ledger' } },
  },
  {
    ...{ at: 3_000, until: 4_500, nodes: ['n0', 'n1'], told: { details: 'names fail' } },
    effect: { dns: { nodes: ['n0', 'n1'], mode: 'fail' }, forMs: 1_500 },
  },
  {
    ...{ at: 3_100, until: 5_000, nodes: ['n4'], told: { details: 'no room is left' } },
    effect: { fillDisk: 'n4', forMs: 1_900 },
  },
] as const;

const TARGETS = ['orders', 'ledger', 'tcp 5432'];

function connected(status: ConnectionStatus, client: number, server: number, target: number) {
  const link = [client * NODES + server];
  const rttMs = [status === 'opened' ? 80 + 200 * drawUnit(SEED, client, server) : -1];
  const columns = { status: [CONNECTION_STATUSES.indexOf(status)], seen: [0], count: [1], rttMs };
  const connections = { targets: [TARGETS[target] ?? ''], link, target: [0], ...columns };
  return { type: 'connections', connections } as const;
}

function trafficUntil(until: number): Extract<MeshEventBody, { type: 'traffic' }> {
  const active = TALKS.filter(({ from, to }) => from * 1_000 < until && to * 1_000 >= until);
  const rows = active.flatMap(({ client, server, target, perSecond }) =>
    [1, 0].map((toward) => {
      const link = toward === 1 ? client * NODES + server : server * NODES + client;
      const packets = Math.ceil((perSecond / 10) * (0.6 + 0.8 * drawUnit(SEED, link, until)));
      const dropped = perSecond > 5_000 && until > 3_500 ? Math.ceil(packets / 20) : 0;
      const delayMs = 40 + 100 * drawUnit(SEED, link, 7);
      return { link, target, toward, packets, bytes: packets * 900, dropped, delayMs };
    }),
  );
  const columns = {
    link: rows.map(({ link }) => link),
    target: rows.map(({ target }) => target),
    toward: rows.map(({ toward }) => toward),
    packets: rows.map(({ packets }) => packets),
    bytes: rows.map(({ bytes }) => bytes),
    dropped: rows.map(({ dropped }) => dropped),
    delayMs: rows.map(({ delayMs }) => delayMs),
  };
  return { type: 'traffic', traffic: { from: until - 100, until, targets: TARGETS, ...columns } };
}

/**
 * Writes the record of a run whose services talk across nodes into a workspace, as a run writes it that was never sealed: with
 * a busy, a quiet and a lossy conversation, a refusal and a silence. Returns its simId and how many packets it tells of.
 */
export async function writeTalkingRun(workspaceFolder: string) {
  const simId = randomUUID();
  const folder = path.join(workspaceFolder, '.meshsim', 'runs', simId);
  const params = { nodes: NODES, latencyMs: [40, 140] as [number, number] };
  const chaos = { faults: FAULTS.map(({ at: atMs, effect }) => ({ when: { atMs }, do: effect })) };
  const plan = planSchema.parse({
    ...{ capsuleHash: 'ab'.repeat(32), params, chaos },
    placement: { orders: ['n0', 'n1'], ledger: ['n2'], gateway: ['n3', 'n4', 'n1'] },
  });
  const lines: string[] = [];
  const recorder = new RunRecorder({ simId, sink: (_, line) => lines.push(line) });
  const startedAt = '2026-01-02T03:04:05.000Z';
  recorder.emit(0, { type: 'run', status: 'started', startedAt, capture: 'headers' });
  for (const phase of PHASES) {
    for (let node = 0; node < NODES; node += 1) {
      const nodeId = nodeIdOf(node);
      recorder.emit(100 * PHASES.indexOf(phase), {
        type: 'phase',
        nodeId,
        phase,
        status: 'started',
      });
      recorder.emit(100 * PHASES.indexOf(phase) + 90, {
        type: 'phase',
        nodeId,
        phase,
        status: 'ok',
      });
    }
  }
  for (const [service, nodes] of Object.entries(plan.placement ?? {})) {
    for (const nodeId of nodes) {
      recorder.emit(480, { type: 'service', nodeId, service, status: 'healthy' });
    }
  }
  const faultEvents = FAULTS.flatMap(({ at, until, nodes, ...one }, fault) => {
    const about = (nodeId: string | undefined, status: 'acted' | 'healed') =>
      ({ type: 'fault', fault, ...(nodeId && { nodeId }), status, ...one.told }) as const;
    const ids = nodes.length > 0 ? nodes : [undefined];
    return [
      { at, body: { type: 'fault', fault, status: 'fired', ...one.told } as const },
      ...ids.map((nodeId) => ({ at: at + 1, body: about(nodeId, 'acted') })),
      ...ids.map((nodeId) => ({ at: until, body: about(nodeId, 'healed') })),
    ];
  }).sort((one, other) => one.at - other.at);
  let packets = 0;
  for (let until = 700; until <= SECONDS * 1_000; until += 100) {
    while ((faultEvents[0]?.at ?? Infinity) < until) {
      const [next] = faultEvents.splice(0, 1);
      if (next !== undefined) recorder.emit(next.at, next.body);
    }
    const event = trafficUntil(until);
    packets += event.traffic.packets.reduce((sum, count) => sum + count, 0);
    if (event.traffic.link.length > 0) recorder.emit(until, event);
    for (const { client, server, target, from } of TALKS) {
      if (from * 1_000 === until) recorder.emit(until, connected('opened', client, server, target));
    }
    if (until === 900) recorder.emit(until, connected('refused', 3, 4, 2));
    if (until === 4_500) recorder.emit(until, connected('timed-out', 4, 2, 1));
  }
  recorder.emit(SECONDS * 1_000, { type: 'run', status: 'finished' });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(plan));
  await writeFile(path.join(folder, 'events.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return { simId, packets };
}

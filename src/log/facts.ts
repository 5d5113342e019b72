import type { MeshEvent } from '../model/events.ts';
import type { FaultKind } from '../model/faultKinds.ts';

/** What a line can be asked for by name, and what that is. The order is that of docs/query.md. */
export const FACT_KEYS = {
  type: 'what kind of event it is',
  status: 'what became of it: ok, error, crashed, lost, refused …',
  node: 'the node it is about; of a packet or connection the one that sent or asked',
  from: 'the node it came from: a hop, chunk or refused message',
  to: 'the node it went to: a packet or connection; of a wave old or new',
  service: 'the service it is about',
  phase: 'the phase of a node',
  fault: 'the kind of the fault: kill, partition …',
  name: 'the invariant or check',
  host: 'the host a node lives on',
  level: 'key, detail or problem',
} as const;

export type FactKey = keyof typeof FACT_KEYS;

/** By key; what an event does not have is left out. */
export type Facts = Readonly<Partial<Record<Exclude<FactKey, 'level'>, string>>>;

const EVENTS: Readonly<Record<MeshEvent['type'], true>> = {
  ...{ run: true, phase: true, node: true, hop: true, chunk: true, refusal: true, service: true },
  ...{ host: true, wave: true, window: true, check: true, workload: true, upgrade: true },
  ...{ turn: true, guard: true, fault: true, log: true, probes: true, invariant: true },
  ...{ latency: true, packets: true, traffic: true, connections: true },
};
/** Of these each entry has a line of its own, or none. */
const BATCHES: readonly string[] = ['packets', 'traffic', 'connections'];

/** What `type` may be. */
export const LINE_TYPES: readonly string[] = [
  ...Object.keys(EVENTS).filter((type) => !BATCHES.includes(type)),
  ...['packet', 'connection'],
];

/** @param faults kinds by index in the plan's schedule */
export function factsOf(event: MeshEvent, faults: readonly FaultKind[]): Facts {
  const facts: Partial<Record<FactKey, string>> = { type: event.type };
  const take = (key: FactKey, value: unknown): void => {
    if (typeof value === 'string' && value !== '') facts[key] = value;
  };
  const fields: Readonly<Record<string, unknown>> = event;
  for (const key of ['status', 'from', 'service', 'phase', 'name', 'host', 'to'] as const) {
    take(key, fields[key]);
  }
  take('node', fields.nodeId);
  if (event.type === 'fault') take('fault', faults[event.fault] ?? String(event.fault));
  if (event.type === 'window') take('status', event.window);
  return facts;
}

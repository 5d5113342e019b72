import { kindOf, type EffectOf, type FaultKind } from '../../model/faultKinds.ts';
import type { FaultEffect } from '../../model/faultSchemas.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Fault } from '../../model/plan.ts';
import type { Disturbance, DisturbedReport } from '../../wire/disturbance.ts';
import type { NodeRecord } from './nodeRecord.ts';

type Orders = { readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>) => Disturbance };

const ORDERS: Orders = {
  pause: ({ services }) => ({ kind: 'pause', services }),
  killService: ({ killService: { service } }) => ({ kind: 'killService', service }),
  dns: ({ dns }) => ({
    kind: 'dns',
    names: dns.names,
    ...(dns.mode === 'delay' ? { delayMs: dns.delayMs } : {}),
  }),
};

/** The wire's words for a fault that agents bring about. */
export function disturbanceOf(effect: FaultEffect): Disturbance | undefined {
  const order = ORDERS[kindOf(effect)] as ((of: FaultEffect) => Disturbance) | undefined;
  return order?.(effect);
}

/** `asked`: no answer yet · `acting`: until it is told to end, or ends by itself · `ending`: told to end. */
type State = 'asked' | 'acting' | 'ending';

interface Entry {
  readonly fault: number;
  readonly node: NodeRecord;
  readonly endsByItself: boolean;
  state: State;
}

export interface DisturbancesOptions {
  readonly schedule: readonly Fault[];
  readonly now: () => number;
  readonly emit: (at: number, body: MeshEventBody) => void;
}

/** Has agents bring about faults that act on services, and tells what they say came of it. */
export class Disturbances {
  readonly #options: DisturbancesOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: DisturbancesOptions) {
    this.#options = options;
  }

  begin(fault: number, node: NodeRecord): void {
    const effect = this.#options.schedule[fault]?.do;
    const what = effect && disturbanceOf(effect);
    if (what === undefined) return;
    if (node.process === undefined || node.isOver) {
      this.#tell(this.#options.now(), fault, node, 'not-applied', `${node.id} is not up`);
      return;
    }
    const endsByItself = what.kind === 'killService';
    this.#entries.set(keyOf(fault, node), { fault, node, endsByItself, state: 'asked' });
    node.process.send({ type: 'disturb', fault, what });
  }

  end(fault: number, node: NodeRecord): void {
    const entry = this.#entries.get(keyOf(fault, node));
    if (entry === undefined) return;
    entry.state = 'ending';
    node.process?.send({ type: 'disturb', fault });
  }

  onReport(node: NodeRecord, { at, fault, status, count, sentence }: DisturbedReport): void {
    const key = keyOf(fault, node);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (status !== 'acted') this.#entries.delete(key);
    else if (entry.state === 'asked') entry.state = 'acting';
    this.#tell(at, fault, node, status, sentence, count);
  }

  /** The node was killed, or its agent ended: whatever it was asked to do is over with it. */
  onGone(node: NodeRecord): void {
    for (const [key, entry] of this.#entries) {
      if (entry.node !== node) continue;
      this.#entries.delete(key);
      const at = this.#options.now();
      if (entry.state === 'asked') {
        this.#tell(at, entry.fault, node, 'not-applied', `${node.id} went down before that`);
      } else if (!entry.endsByItself) {
        this.#tell(at, entry.fault, node, 'healed', `it is over, since ${node.id} is down`);
      }
    }
  }

  /** An answer is still to come that says what a fault did. */
  get pending(): boolean {
    return [...this.#entries.values()].some(
      ({ node, state, endsByItself }) => !node.isOver && (state !== 'acting' || endsByItself),
    );
  }

  #tell(
    at: number,
    fault: number,
    { id: nodeId }: NodeRecord,
    status: DisturbedReport['status'],
    details: string,
    count?: number,
  ): void {
    const counted = count === undefined ? {} : { count };
    this.#options.emit(at, { type: 'fault', fault, nodeId, status, ...counted, details });
  }
}

function keyOf(fault: number, { id }: NodeRecord): string {
  return `${fault} ${id}`;
}

import { ChaosDirector } from '../../mesh/chaos.ts';
import type { ActionOf, ChaosAction } from '../../mesh/chaosActions.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Fault, NodePhase } from '../../model/plan.ts';
import type { Emulator } from '../../network/emulator.ts';
import { faultEvent } from '../faultEvent.ts';
import type { VirtualNode } from './virtualNode.ts';
import type { VirtualWorld } from './world.ts';

export interface ChaosDriverOptions {
  readonly schedule: readonly Fault[];
  /** ms since the run began; what is due later does not happen. */
  readonly deadlineMs: number;
  readonly world: VirtualWorld;
  readonly emit: (body: MeshEventBody) => void;
  readonly kill: (node: VirtualNode, fault: number) => void;
  readonly restart: (node: VirtualNode) => void;
}

/** What is done for each kind of action. */
type Acts = { readonly [Kind in ChaosAction['kind']]: (action: ActionOf<Kind>) => void };

/** Does in the virtual world what the director says is due, when it is due. */
export class ChaosDriver {
  readonly director: ChaosDirector;
  readonly #options: ChaosDriverOptions;
  #dueAt = Infinity;
  readonly #acts: Acts = {
    kill: ({ fault, node }) => this.#options.kill(this.#node(node), fault),
    restart: ({ node }) => this.#options.restart(this.#node(node)),
    partition: ({ fault, from, to, oneWay }) => this.#emulator.partition(fault, from, to, oneWay),
    heal: ({ fault }) => this.#emulator.heal(fault),
    degrade: ({ fault, from, to, change }) => this.#emulator.degradeLink(fault, from, to, change),
    slow: ({ fault, node, factor }) => {
      this.#emulator.slow(fault, node, factor);
      this.#node(node).slowness = factor;
    },
    corrupt: ({ fault, node, count }) => this.#emulator.corruptChunks(fault, node, count),
    byzantine: ({ node }) => {
      this.#node(node).byzantine = true;
    },
    refuse: ({ fault }) => this.#notApplied(fault),
    'end-refusal': () => undefined,
    'fill-disk': ({ fault }) => this.#notApplied(fault),
    'free-disk': () => undefined,
    disturb: ({ fault }) => this.#notApplied(fault),
    'end-disturbance': () => undefined,
  };

  constructor(options: ChaosDriverOptions) {
    this.#options = options;
    this.director = new ChaosDirector(options.schedule);
  }

  /** A phase of a node started or ended. */
  phase(node: number, phase: NodePhase, status: 'started' | 'ok' | 'error'): void {
    if (this.director.schedule.length === 0) return;
    this.director.phase(node, phase, status, this.#options.world.nowMs);
    this.advance();
  }

  /** A node holds `have` of `total` chunks. */
  progress(node: number, have: number, total: number): void {
    if (this.director.schedule.length === 0) return;
    this.director.progress(node, have, total, this.#options.world.nowMs);
    this.advance();
  }

  /** Has the world do what is due next: chaos acts between events, never in the middle of one. */
  advance(): void {
    const { world, deadlineMs } = this.#options;
    const due = Math.max(this.director.nextDueAt(), world.nowMs);
    if (due > deadlineMs || due >= this.#dueAt) return;
    this.#dueAt = due;
    world.schedule(due, () => {
      this.#dueAt = Infinity;
      for (const action of this.director.take(world.nowMs)) this.#apply(action);
      this.advance();
    });
  }

  #apply(action: ChaosAction): void {
    const event = faultEvent(action, this.#options.schedule);
    if (event !== undefined) this.#options.emit(event);
    (this.#acts[action.kind] as (of: ChaosAction) => void)(action);
  }

  #notApplied(fault: number): void {
    const details = 'no service runs in virtual time';
    this.#options.emit({ type: 'fault', fault, status: 'not-applied', details });
  }

  get #emulator(): Emulator {
    return this.#options.world.emulator;
  }

  #node(index: number): VirtualNode {
    const node = this.#options.world.nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index}`);
    return node;
  }
}

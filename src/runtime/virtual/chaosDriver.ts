import { ChaosDirector, type ChaosAction } from '../../mesh/chaos.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Fault } from '../../model/plan.ts';
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

/** Does in the virtual world what the director says is due, when it is due. */
export class ChaosDriver {
  readonly director: ChaosDirector;
  readonly #options: ChaosDriverOptions;
  #dueAt = Infinity;

  constructor(options: ChaosDriverOptions) {
    this.#options = options;
    this.director = new ChaosDirector(options.schedule);
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
    const { world, emit, kill, restart } = this.#options;
    emit(faultEvent(action));
    const { fault } = action;
    const { emulator } = world;
    switch (action.kind) {
      case 'kill':
        kill(this.#node(action.node), fault);
        break;
      case 'restart':
        restart(this.#node(action.node));
        break;
      case 'partition':
        emulator.partition(fault, action.from, action.to, action.oneWay);
        break;
      case 'heal':
        emulator.heal(fault);
        break;
      case 'degrade':
        emulator.degradeLink(fault, action.from, action.to, action.change);
        break;
      case 'slow':
        emulator.slow(fault, action.node, action.factor);
        this.#node(action.node).slowness = action.factor;
        break;
      case 'corrupt':
        emulator.corruptChunks(fault, action.node, action.count);
        break;
      case 'byzantine':
        this.#node(action.node).byzantine = true;
        break;
    }
  }

  #node(index: number): VirtualNode {
    const node = this.#options.world.nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index}`);
    return node;
  }
}

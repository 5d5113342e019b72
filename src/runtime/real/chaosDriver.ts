import { ChaosDirector } from '../../mesh/chaos.ts';
import type { ActionOf, ChaosAction } from '../../mesh/chaosActions.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Fault } from '../../model/plan.ts';
import { isAcross } from '../../network/cuts.ts';
import { faultEvent } from '../faultEvent.ts';
import type { DiskFaults } from './disk/diskFaults.ts';
import type { SwitchCommand } from './switch/control.ts';

type LinkAction = ActionOf<
  'partition' | 'heal' | 'degrade' | 'slow' | 'corrupt' | 'refuse' | 'end-refusal'
>;

/** What is done for each kind of action. */
type Acts = { readonly [Kind in ChaosAction['kind']]: (action: ActionOf<Kind>) => void };

export interface ChaosDriverOptions {
  readonly schedule: readonly Fault[];
  /** ms since the run began. */
  readonly now: () => number;
  readonly emit: (body: MeshEventBody) => void;
  readonly changeNetwork: (command: SwitchCommand) => void;
  readonly kill: (node: number) => void;
  readonly restart: (node: number) => void;
  readonly makeByzantine: (node: number) => void;
  readonly diskFaults: Pick<DiskFaults, 'fill' | 'free' | 'pending'>;
  readonly disturb: (fault: number, node: number) => void;
  readonly endDisturbance: (fault: number, node: number) => void;
  /** Something timed has happened. */
  readonly onDone: () => void;
}

/** Does in the real world what the director says is due, when it is due. */
export class ChaosDriver {
  readonly director: ChaosDirector;
  readonly #options: ChaosDriverOptions;
  readonly #partitions = new Map<number, ActionOf<'partition'>>();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  readonly #acts: Acts = {
    kill: ({ node }) => this.#options.kill(node),
    restart: ({ node }) => this.#options.restart(node),
    byzantine: ({ node }) => this.#options.makeByzantine(node),
    partition: (action) => {
      this.#partitions.set(action.fault, action);
      this.#changeNetwork(action);
    },
    heal: (action) => {
      this.#partitions.delete(action.fault);
      this.#changeNetwork(action);
    },
    degrade: (action) => this.#changeNetwork(action),
    slow: (action) => this.#changeNetwork(action),
    corrupt: (action) => this.#changeNetwork(action),
    refuse: (action) => this.#changeNetwork(action),
    'end-refusal': (action) => this.#changeNetwork(action),
    'fill-disk': ({ fault, node, leaveBytes }) =>
      this.#options.diskFaults.fill(fault, node, leaveBytes),
    'free-disk': ({ fault, node }) => this.#options.diskFaults.free(fault, node),
    disturb: ({ fault, nodes }) => {
      for (const node of nodes) this.#options.disturb(fault, node);
    },
    'end-disturbance': ({ fault, nodes }) => {
      for (const node of nodes) this.#options.endDisturbance(fault, node);
    },
  };

  constructor(options: ChaosDriverOptions) {
    this.#options = options;
    this.director = new ChaosDirector(options.schedule);
  }

  /** A fault is still to come, or to say what it did. */
  get pending(): boolean {
    return this.director.pending || this.#options.diskFaults.pending;
  }

  /** Does what is due, and sets the timer for what is due next. */
  advance(): void {
    if (this.#isOver) return;
    for (const action of this.director.take(this.#options.now())) this.#apply(action);
    clearTimeout(this.#timer);
    const next = this.director.nextDueAt();
    if (next === Infinity) return;
    const wait = Math.max(0, next - this.#options.now());
    this.#timer = setTimeout(() => {
      this.advance();
      this.#options.onDone();
    }, wait);
  }

  /** From now on nothing happens any more. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** Whether a partition that has not been healed cuts the link. */
  isCut(from: number, to: number): boolean {
    return [...this.#partitions.values()].some((cut) => isAcross(cut, from, to));
  }

  #apply(action: ChaosAction): void {
    const event = faultEvent(action, this.#options.schedule);
    if (event !== undefined) this.#options.emit(event);
    (this.#acts[action.kind] as (of: ChaosAction) => void)(action);
  }

  #changeNetwork(action: LinkAction): void {
    const { kind, ...rest } = action;
    this.#options.changeNetwork({ type: kind, ...rest } as SwitchCommand);
  }
}

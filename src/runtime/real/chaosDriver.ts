import { ChaosDirector, type ChaosAction } from '../../mesh/chaos.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Fault } from '../../model/plan.ts';
import { faultEvent } from '../faultEvent.ts';
import type { SwitchCommand } from './switch/control.ts';

type LinkAction = Exclude<ChaosAction, { kind: 'kill' | 'restart' | 'byzantine' }>;
type Partition = Extract<ChaosAction, { kind: 'partition' }>;

export interface ChaosDriverOptions {
  readonly schedule: readonly Fault[];
  /** ms since the run began. */
  readonly now: () => number;
  readonly emit: (body: MeshEventBody) => void;
  readonly changeNetwork: (command: SwitchCommand) => void;
  readonly kill: (node: number) => void;
  readonly restart: (node: number) => void;
  readonly makeByzantine: (node: number) => void;
  /** Something timed has happened. */
  readonly onDone: () => void;
}

/** Does in the real world what the director says is due, when it is due. */
export class ChaosDriver {
  readonly director: ChaosDirector;
  readonly #options: ChaosDriverOptions;
  readonly #partitions = new Map<number, Partition>();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: ChaosDriverOptions) {
    this.#options = options;
    this.director = new ChaosDirector(options.schedule);
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
    return [...this.#partitions.values()].some(
      (cut) =>
        (cut.from.includes(from) && cut.to.includes(to)) ||
        (!cut.oneWay && cut.from.includes(to) && cut.to.includes(from)),
    );
  }

  #apply(action: ChaosAction): void {
    const { emit, kill, restart, makeByzantine } = this.#options;
    emit(faultEvent(action));
    if (action.kind === 'kill') kill(action.node);
    else if (action.kind === 'restart') restart(action.node);
    else if (action.kind === 'byzantine') makeByzantine(action.node);
    else this.#changeLinks(action);
  }

  #changeLinks(action: LinkAction): void {
    if (action.kind === 'partition') this.#partitions.set(action.fault, action);
    if (action.kind === 'heal') this.#partitions.delete(action.fault);
    const { kind, ...rest } = action;
    this.#options.changeNetwork({ type: kind, ...rest } as SwitchCommand);
  }
}

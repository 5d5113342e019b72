import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { MovedNodes } from './movedNodes.ts';
import type { UpgradeIo } from './upgradeIo.ts';
import type { NextWave } from './waves.ts';

/**
 * Where services start beside those that serve. coming: they start on the wave's nodes. taking-over: all are healthy, and the names
 * lead to them. giving-up: some failed, all are stopped, and no name has switched.
 */
type BesideStage = 'coming' | 'taking-over' | 'giving-up';

export interface PresentWaveOptions {
  readonly next: NextWave;
  /** From 1, over all legs. */
  readonly wave: number;
  /** What comes starts beside what serves. */
  readonly isBeside: boolean;
  readonly nodes: MovedNodes;
  readonly io: UpgradeIo;
}

/** The wave that moves nodes now: whom it waits for, and what failed in it. */
export class PresentWave {
  readonly next: NextWave;
  /** One sentence each. */
  readonly failures: string[] = [];
  readonly #wave: number;
  readonly #nodes: MovedNodes;
  readonly #io: UpgradeIo;
  #stage: BesideStage | undefined;
  /** They do not serve yet what they are to run, or have nothing beside it. */
  readonly #left: Set<number>;
  /** Something runs there beside what serves, or has failed and is still to be stopped. */
  readonly #beside = new Set<number>();

  constructor({ next, wave, isBeside, nodes, io }: PresentWaveOptions) {
    this.next = next;
    this.#wave = wave;
    this.#nodes = nodes;
    this.#io = io;
    this.#stage = isBeside ? 'coming' : undefined;
    this.#left = new Set(next.nodes);
    for (const node of next.nodes) this.#nodes.aim(node, next.to);
  }

  begin(): void {
    const { leg, to, nodes } = this.next;
    this.#io.tell({ kind: 'wave-begun', wave: this.#wave, leg, to, nodes });
    for (const node of nodes) this.settle(node);
  }

  get left(): ReadonlySet<number> {
    return this.#left;
  }

  /** A node that went down in its wave is moved again once it is back: what counts is what it is to run. */
  settle(node: number): void {
    if (!this.#left.has(node)) return;
    if (this.#nodes.isSteady(node)) this.#left.delete(node);
    else if (this.#nodes.canMove(node)) {
      this.#nodes.moves(node);
      this.#io.move(node, this.#nodes.targetOf(node));
    }
  }

  /** Its services failed; false: the wave does not wait for it. */
  fails(node: number, sentence: string): boolean {
    const isBeside = this.#stage === 'coming' && this.#beside.has(node);
    if (!this.#left.delete(node) && !isBeside) return false;
    this.failures.push(sentence);
    return true;
  }

  halts(node: number): void {
    if (!this.#left.has(node) || this.next.to !== 'new') return;
    this.#nodes.aim(node, 'old');
    this.#left.delete(node);
  }

  comes(node: number): void {
    this.#beside.add(node);
    if (this.#stage === 'taking-over') this.#io.takeOver([node]);
    else this.#left.delete(node);
  }

  /** What was to come has failed; what serves there serves on. */
  failsBeside(node: number, sentence: string): void {
    this.#beside.add(node);
    this.failures.push(sentence);
    if (this.#stage !== 'taking-over') {
      this.#left.delete(node);
      return;
    }
    this.#nodes.aim(node, this.#before);
    this.#io.giveUp([node]);
  }

  goesDown(node: number): void {
    this.#beside.delete(node);
    const isComing = this.#stage === 'coming' && this.next.nodes.includes(node);
    if (isComing && this.#nodes.targetOf(node) === this.next.to) this.#left.add(node);
  }

  /** Once it waits for nobody; false: it begins to wait for nodes that take over, or give up. */
  arrive(): boolean {
    if (this.#stage !== 'coming') return true;
    for (const node of this.#beside) this.#left.add(node);
    this.#switch([...this.#beside].sort((one, other) => one - other));
    return this.#left.size === 0;
  }

  /** Why it has failed, one sentence; undefined: it has not. */
  get failure(): string | undefined {
    const [failure] = this.failures;
    if (failure === undefined || this.#stage !== 'giving-up' || !this.#nodes.areServing) {
      return failure;
    }
    return `${failure.replace(/\.$/, '')}. No name had switched: every node still serves the ${this.#before} Capsule.`;
  }

  /** All names at once, or none. */
  #switch(there: readonly number[]): void {
    const { leg, to, nodes } = this.next;
    if (this.failures.length === 0) {
      this.#stage = 'taking-over';
      this.#io.tell({ kind: 'wave-switched', wave: this.#wave, leg, to, nodes });
      this.#io.takeOver(there);
    } else {
      this.#stage = 'giving-up';
      for (const node of nodes) this.#nodes.aim(node, this.#before);
      this.#io.giveUp(there);
    }
  }

  get #before(): CapsuleVersion {
    return this.next.to === 'new' ? 'old' : 'new';
  }
}

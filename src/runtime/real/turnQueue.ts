import type { Turn } from '../../model/turns.ts';

interface Held<Node> {
  readonly node: Node;
  /** Tells it from others of the same life of that node. */
  readonly id: number;
  readonly turn: Turn;
}

export interface TurnQueueOptions<Node> {
  /** This many at once. */
  readonly limit: number;
  /** `waited`: it was told before that it has to. */
  readonly onGrant: (held: Held<Node>, waited: boolean) => void;
  /** `before`: how many are to come first. */
  readonly onWait: (held: Held<Node>, before: number) => void;
}

/**
 * Lets as many nodes start something at once as the machine has cores: what starts keeps a core busy, and more of it at once makes
 * nothing faster, but the network late. One build at a time: it uses the whole machine, and other nodes want its
 * result, not another one. First come, first served, but a build that has to wait for another one holds nobody up.
 */
export class TurnQueue<Node> {
  readonly #options: TurnQueueOptions<Node>;
  #waiting: Held<Node>[] = [];
  #running: Held<Node>[] = [];

  constructor(options: TurnQueueOptions<Node>) {
    this.#options = options;
  }

  want(wanted: Held<Node>): void {
    if (this.#mayBegin(wanted)) {
      this.#begin(wanted, false);
      return;
    }
    this.#waiting.push(wanted);
    this.#options.onWait(wanted, this.#waiting.length - 1);
  }

  /** The node has done what it wanted the turn for, or wants it no more. */
  ended(node: Node, id: number): void {
    this.#drop((held) => held.node === node && held.id === id);
  }

  /** A node that is gone holds no turn, and waits for none. */
  forget(node: Node): void {
    this.#drop((held) => held.node === node);
  }

  #drop(isMeant: (held: Held<Node>) => boolean): void {
    this.#waiting = this.#waiting.filter((one) => !isMeant(one));
    this.#running = this.#running.filter((one) => !isMeant(one));
    for (;;) {
      const next = this.#waiting.find((one) => this.#mayBegin(one));
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#begin(next, true);
    }
  }

  #mayBegin({ turn }: Held<Node>): boolean {
    if (this.#running.length >= this.#options.limit) return false;
    return turn.turn !== 'build' || !this.#running.some((one) => one.turn.turn === 'build');
  }

  #begin(held: Held<Node>, waited: boolean): void {
    this.#running.push(held);
    this.#options.onGrant(held, waited);
  }
}

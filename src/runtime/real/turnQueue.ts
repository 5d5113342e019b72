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
  /** The turn of a build has begun, or is over. */
  readonly onBuilding: (isOn: boolean) => void;
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
  #mayBuild = true;

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

  /** The run is over: a build would be for nobody. */
  endBuilds(): void {
    this.#mayBuild = false;
  }

  /** What the node was at is being ended: it has its turns no more, and still gets those it waits for. */
  giveBack(node: Node): void {
    for (const held of this.#running.filter((one) => one.node === node)) this.ended(node, held.id);
  }

  /** A node that is gone holds no turn, and waits for none. */
  forget(node: Node): void {
    this.#drop((held) => held.node === node);
  }

  #drop(isMeant: (held: Held<Node>) => boolean): void {
    this.#waiting = this.#waiting.filter((one) => !isMeant(one));
    const isLeft = (one: Held<Node>) => !isMeant(one);
    const isBuildOver = this.#isBuilding && !this.#running.filter(isLeft).some(isBuild);
    this.#running = this.#running.filter(isLeft);
    if (isBuildOver) this.#options.onBuilding(false);
    for (;;) {
      const next = this.#waiting.find((one) => this.#mayBegin(one));
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#begin(next, true);
    }
  }

  get #isBuilding(): boolean {
    return this.#running.some(isBuild);
  }

  #mayBegin(wanted: Held<Node>): boolean {
    if (this.#running.length >= this.#options.limit) return false;
    return !isBuild(wanted) || (this.#mayBuild && !this.#isBuilding);
  }

  #begin(held: Held<Node>, waited: boolean): void {
    this.#running.push(held);
    if (isBuild(held)) this.#options.onBuilding(true);
    this.#options.onGrant(held, waited);
  }
}

function isBuild({ turn }: Pick<Held<unknown>, 'turn'>): boolean {
  return turn.turn === 'build';
}

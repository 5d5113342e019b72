import type { OnceAnswer } from '../../model/onceAnswers.ts';
import type { AgentCommand } from '../../wire/control.ts';

/** A node as far as migrations for all of the mesh go. */
export interface MigratingNode {
  readonly index: number;
  readonly process: { send(command: AgentCommand): void } | undefined;
}

interface Asked {
  readonly node: MigratingNode;
  readonly id: number;
}

interface Work {
  /** What later ones are told; undefined: it is not known yet. */
  outcome: 'done' | 'failed' | undefined;
  /** Who does it; undefined: nobody yet, or any more. */
  runner: number | undefined;
  waiting: Asked[];
}

/** Migrations that one node does for all of the mesh, anew on each way there and back: the first that asks, or the next when that one crashes. */
export class OnceMigrations {
  readonly #work = new Map<string, Work>();
  #leg = -1;

  /** A wave of that leg begins, and nobody migrates any more. */
  onLeg(leg: number): void {
    if (leg !== this.#leg) this.#work.clear();
    this.#leg = leg;
  }

  wanted(node: MigratingNode, id: number, service: string): void {
    const work = this.#work.get(service) ?? { outcome: undefined, runner: undefined, waiting: [] };
    this.#work.set(service, work);
    work.waiting.push({ node, id });
    this.#goOn(work);
  }

  ended(node: MigratingNode, service: string, ok: boolean): void {
    const work = this.#work.get(service);
    if (work?.runner !== node.index) return;
    work.runner = undefined;
    work.outcome = ok ? 'done' : 'failed';
    this.#goOn(work);
  }

  /** The node is down, in the midst of it or while it waited. */
  gone(node: MigratingNode): void {
    for (const work of this.#work.values()) {
      work.waiting = work.waiting.filter((asked) => asked.node.index !== node.index);
      if (work.runner === node.index) work.runner = undefined;
      this.#goOn(work);
    }
  }

  #goOn(work: Work): void {
    while (work.runner === undefined) {
      const asked = work.waiting.shift();
      if (asked === undefined) return;
      if (work.outcome === undefined) work.runner = asked.node.index;
      answer(asked, work.outcome ?? 'run');
    }
  }
}

function answer({ node, id }: Asked, answer: OnceAnswer): void {
  node.process?.send({ type: 'once-answered', id, answer });
}

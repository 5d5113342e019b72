import type { AgentReport } from '../wire/report.ts';
import type { OnceAnswer } from '../model/onceAnswers.ts';
import type { Turn } from '../model/turns.ts';
import type { AgentCommand } from '../wire/control.ts';

type Granted = Extract<AgentCommand, { type: 'turn-granted' }>;

export interface OnceTurn {
  readonly answer: OnceAnswer;
  /** Of `run`: says how it ended. */
  readonly end: (ok: boolean) => void;
}

/** The turns this node asks its orchestrator for: as many nodes start something at once as the machine has cores. */
export class Turns {
  readonly #report: (report: AgentReport) => void;
  readonly #waiting = new Map<number, () => void>();
  readonly #asked = new Map<number, (answer: OnceAnswer) => void>();
  #last = 0;

  constructor(report: (report: AgentReport) => void) {
    this.#report = report;
  }

  /** The way of boxes that programs have entered on this machine, see Box.way; undefined: nobody knows yet. */
  entered: string | undefined;

  /** Resolves, once it is this node's turn, to what ends the turn; to be called once, or more often. */
  async take(turn: Turn): Promise<() => void> {
    const id = (this.#last += 1);
    await new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#report({ type: 'turn-wanted', id, ...turn });
    });
    let isOver = false;
    return () => {
      if (!isOver) this.#report({ type: 'turn-ended', id, entered: this.entered });
      isOver = true;
    };
  }

  /** Asks whether to migrate a service once for all of the mesh; resolves when that is known. */
  once(service: string): Promise<OnceTurn> {
    const id = (this.#last += 1);
    return new Promise((resolve) => {
      this.#asked.set(id, (answer) =>
        resolve({ answer, end: (ok) => this.#report({ type: 'once-ended', service, ok }) }),
      );
      this.#report({ type: 'once-wanted', id, service });
    });
  }

  answered(id: number, answer: OnceAnswer): void {
    this.#asked.get(id)?.(answer);
    this.#asked.delete(id);
  }

  /** The orchestrator lets this node go on. */
  granted({ id, entered }: Pick<Granted, 'id' | 'entered'>): void {
    this.entered ??= entered;
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}

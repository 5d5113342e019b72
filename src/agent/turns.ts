import type { AgentReport } from '../wire/report.ts';
import type { Turn } from '../model/turns.ts';

/** The turns this node asks its orchestrator for: as many nodes start something at once as the machine has cores. */
export class Turns {
  readonly #report: (report: AgentReport) => void;
  readonly #waiting = new Map<number, () => void>();
  #last = 0;

  constructor(report: (report: AgentReport) => void) {
    this.#report = report;
  }

  /** Resolves, once it is this node's turn, to what ends the turn; to be called once, or more often. */
  async take(turn: Turn): Promise<() => void> {
    const id = (this.#last += 1);
    await new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#report({ type: 'turn-wanted', id, ...turn });
    });
    let isOver = false;
    return () => {
      if (!isOver) this.#report({ type: 'turn-ended', id });
      isOver = true;
    };
  }

  /** The orchestrator lets this node go on. */
  granted(id: number): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }
}

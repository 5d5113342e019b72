import type { NodeReport } from '../model/evidence.ts';
import type { MeshEvent } from '../model/events.ts';
import type { NodePhase } from '../model/plan.ts';

type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;
type PhaseReport = NodeReport['phases'][number];

/** One attempt at a phase; times in ms since the run began. */
interface Attempt {
  readonly name: NodePhase;
  readonly start: number;
  end: number;
  status: 'open' | 'ok' | 'error';
  details?: string;
}

/** Every attempt a node made at a phase, over all its incarnations. */
export class PhaseHistory {
  readonly #attempts: Attempt[] = [];

  get last(): { readonly name: NodePhase; readonly status: 'open' | 'ok' | 'error' } | undefined {
    return this.#attempts.at(-1);
  }

  apply(event: EventOf<'phase'>): void {
    if (event.status === 'started') {
      this.#attempts.push({ name: event.phase, start: event.at, end: event.at, status: 'open' });
      return;
    }
    const last = this.#attempts.at(-1);
    if (last?.status !== 'open' || last.name !== event.phase) return;
    end(last, event.status, event.at, event.details);
  }

  /**
   * The node stopped to work: the open phase ends in error; one that was healthy gets a second, failed, `healthy` for the
   * time it was. Otherwise a node that died after READY would look fine.
   */
  broken(at: number, details: string): void {
    const last = this.#attempts.at(-1);
    if (last === undefined) {
      this.#attempts.push({ name: 'boot', start: at, end: at, status: 'error', details });
    } else if (last.status === 'open') end(last, 'error', at, details);
    else if (last.name === 'healthy' && last.status === 'ok') {
      this.#attempts.push({ name: 'healthy', start: last.end, end: at, status: 'error', details });
    }
  }

  /** The run is over: what is still open was never finished. */
  close(at: number, details: string): void {
    const last = this.#attempts.at(-1);
    if (last === undefined || last.status === 'open') this.broken(at, details);
  }

  reports(startedAt: number): PhaseReport[] {
    const iso = (at: number) => new Date(Math.round(startedAt + at)).toISOString();
    return this.#attempts.map(({ name, start, end, status, details }) => ({
      name,
      start: iso(start),
      end: iso(end),
      status: status === 'ok' ? 'ok' : 'error',
      ...(details === undefined ? {} : { details }),
    }));
  }
}

function end(attempt: Attempt, status: 'ok' | 'error', at: number, details?: string): void {
  attempt.status = status;
  attempt.end = at;
  if (details !== undefined && details !== '') attempt.details = details;
}

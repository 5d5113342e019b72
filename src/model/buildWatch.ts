import type { MeshEvent } from './events.ts';

/** A build that goes on, by what is known of it so far. */
export interface GoingBuild {
  readonly nodeId: string;
  readonly service: string;
  /** ms since the run began. */
  readonly since: number;
  /** What it said last; empty: nothing. */
  readonly line: string;
}

export interface FinishedBuild {
  readonly nodeId: string;
  readonly service: string;
  /** From its start to its kept result, in ms. */
  readonly lastedMs: number;
}

/** Follows the builds of a run by its events, which are to come in order. One is under way at a time. */
export class BuildWatch {
  readonly finished: FinishedBuild[] = [];
  #going: GoingBuild | undefined;

  /** Undefined: nothing is built. */
  get going(): GoingBuild | undefined {
    return this.#going;
  }

  /** Whether the event is a line that the build has said. */
  isOutput(event: MeshEvent): boolean {
    return event.type === 'log' && event.service !== undefined && this.#isOfGoing(event);
  }

  event(event: MeshEvent): void {
    if (event.type === 'log') {
      if (this.#going !== undefined && this.isOutput(event)) {
        this.#going = { ...this.#going, line: event.text };
      }
    } else if (event.type === 'service') {
      const { nodeId, service, status, at } = event;
      if (status === 'building') this.#going = { nodeId, service, since: at, line: '' };
      else if (this.#going !== undefined && this.#isOfGoing(event)) {
        if (status === 'built') {
          this.finished.push({ nodeId, service, lastedMs: at - this.#going.since });
        }
        this.#going = undefined;
      }
    } else if (event.type === 'node' && event.nodeId === this.#going?.nodeId) {
      // It was killed, or has failed by something else.
      this.#going = undefined;
    }
  }

  #isOfGoing({ nodeId, service }: { nodeId: string; service?: string | undefined }): boolean {
    return nodeId === this.#going?.nodeId && service === this.#going.service;
  }
}

/** "web on n0 9.3 s, api on n1 12.0 s"; undefined: nothing was built. */
export function buildWords(builds: readonly FinishedBuild[]): string | undefined {
  if (builds.length === 0) return undefined;
  return builds
    .map(({ nodeId, service, lastedMs }) => `${service} on ${nodeId} ${secondsOf(lastedMs)}`)
    .join(', ');
}

function secondsOf(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

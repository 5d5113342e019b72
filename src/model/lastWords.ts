import type { MeshEvent } from './events.ts';

/** Of the service that failed: enough for a stack trace. */
const LINES = 20;

/** Of a service: it was not meant to end, or did not become or stay healthy. */
const FAILURES: ReadonlySet<string> = new Set(['exited', 'failed']);

interface Place {
  readonly nodeId: string;
  readonly service: string;
}

/** What a service said last, line by line. */
export interface Words extends Place {
  readonly lines: readonly string[];
}

/** What services said last, and which of them failed first. The page imports this file: it carries no validator. */
export class LastWords {
  readonly #said = new Map<string, string[]>();
  #failed: Place | undefined;

  /** Events of one kind are to come in order. */
  event(event: MeshEvent): void {
    if (event.type === 'service' && FAILURES.has(event.status)) this.#failed ??= event;
    if (event.type !== 'log' || event.service === undefined) return;
    const key = keyOf({ nodeId: event.nodeId, service: event.service });
    const lines = this.#said.get(key) ?? [];
    lines.push(event.text);
    if (lines.length > LINES) lines.shift();
    this.#said.set(key, lines);
  }

  /** Of the service that failed first; undefined where none failed, or where it said nothing. */
  get ofFailed(): Words | undefined {
    if (this.#failed === undefined) return undefined;
    const { nodeId, service } = this.#failed;
    const lines = this.#said.get(keyOf(this.#failed)) ?? [];
    return lines.length === 0 ? undefined : { nodeId, service, lines };
  }
}

function keyOf({ nodeId, service }: Place): string {
  return `${nodeId} ${service}`;
}

import { legible } from '../base/shortText.ts';
import type { MeshEvent } from '../model/events.ts';
import type { Paint } from './paint.ts';

/** Of the service that failed: enough for a stack trace. */
const LINES = 20;
/** Of a line on screen; the whole is in the events. */
const WIDEST_LINE = 200;

/** Of a service: it was not meant to end, or did not become or stay healthy. */
const FAILURES: ReadonlySet<string> = new Set(['exited', 'failed']);

interface Place {
  readonly nodeId: string;
  readonly service: string;
}

/** What services said last, and which of them failed first. */
export class FailedOutput {
  readonly #said = new Map<string, string[]>();
  #failed: Place | undefined;

  /** Events are to come in order. */
  event(event: MeshEvent): void {
    if (event.type === 'service' && FAILURES.has(event.status)) this.#failed ??= event;
    if (event.type !== 'log' || event.service === undefined) return;
    const key = keyOf({ nodeId: event.nodeId, service: event.service });
    const lines = this.#said.get(key) ?? [];
    lines.push(event.text);
    if (lines.length > LINES) lines.shift();
    this.#said.set(key, lines);
  }

  /** None where no service failed, or where it said nothing. */
  lines(paint: Paint): string[] {
    if (this.#failed === undefined) return [];
    const { nodeId, service } = this.#failed;
    const said = this.#said.get(keyOf(this.#failed)) ?? [];
    if (said.length === 0) return [];
    return [
      paint('bold', `What ${service} on ${nodeId} said last`),
      ...said.map((line) => `  ${legible(line, WIDEST_LINE)}`),
    ];
  }
}

function keyOf({ nodeId, service }: Place): string {
  return `${nodeId} ${service}`;
}

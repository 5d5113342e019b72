import { applyEvent, newRunView } from '../model/runView.ts';
import type { RunBuffer } from '../studio/runs/runBuffer.ts';

export interface ReadyCount {
  readonly ready: number;
  readonly nodes: number;
}

/** A person cannot read a status that changes more often. */
const PAUSE_MS = 250;

/** How many nodes of a run are READY: once at the start, then whenever that changed, until the run ends. */
export async function* readyCounts(
  buffer: RunBuffer,
  signal: AbortSignal,
): AsyncGenerator<ReadyCount> {
  const { nodes } = buffer.plan.params;
  let view = newRunView(nodes);
  let seq = -1;
  let told = -1;
  while (!signal.aborted) {
    const events = buffer.since(seq);
    // A gap misses packets and log lines only, and neither makes a node READY.
    if (events === undefined) view = newRunView(nodes);
    for (const event of events ?? buffer.snapshot().events) applyEvent(view, event);
    ({ seq } = buffer);
    if (view.ready !== told) yield { ready: (told = view.ready), nodes };
    if (buffer.end !== undefined) return;
    if (buffer.seq === seq) await buffer.changed(signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

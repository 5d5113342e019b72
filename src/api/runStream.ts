import type { SSEStreamingApi } from 'hono/streaming';
import type { MeshEvent } from '../model/events.ts';
import { isDetail, type RunBuffer } from '../studio/runs/runBuffer.ts';
import { HEARTBEAT_MS } from './apiOptions.ts';

/** One write per flush: a message per event at once would be the bottleneck at 20,000 events per second. */
const FLUSH_MS = 50;

export interface StreamPlace {
  /** Of the orchestrator that numbered the events. */
  readonly generation: string;
  /** The newest event the client has; undefined: none. */
  readonly seq: number | undefined;
}

/** The place a Last-Event-ID names. An id of another generation, or a malformed one, is no place. */
export function placeOf(lastEventId: string | undefined, generation: string): StreamPlace {
  const [of, seq = ''] = (lastEventId ?? '').split(':');
  const isOurs = of === generation && /^\d+$/.test(seq);
  return { generation, seq: isOurs ? Number(seq) : undefined };
}

/**
 * Streams a run to one client until it ends or the client goes. The client's place is all that is kept for it: while it does not
 * read, writes wait; when it reads again and details are gone by then, it gets a snapshot and goes on from there.
 */
export async function streamRun(
  stream: SSEStreamingApi,
  buffer: RunBuffer,
  place: StreamPlace,
  heartbeatMs = HEARTBEAT_MS,
): Promise<void> {
  const gone = new AbortController();
  stream.onAbort(() => {
    gone.abort();
  });
  let { seq } = place;
  while (!gone.signal.aborted) {
    const events = seq === undefined ? undefined : buffer.since(seq);
    if (events === undefined) seq = await sendSnapshot(stream, buffer, place.generation);
    else if (events.length > 0) seq = await sendEvents(stream, buffer, events, place.generation);
    else if (buffer.end !== undefined) return sendEnd(stream, buffer);
    else await nextChange(stream, buffer, { gone: gone.signal, heartbeatMs });
  }
}

async function sendSnapshot(
  stream: SSEStreamingApi,
  buffer: RunBuffer,
  generation: string,
): Promise<number> {
  const snapshot = buffer.snapshot();
  const logs = buffer.logs();
  // Before the first event there is no place to come back to.
  const id = snapshot.seq < 0 ? '' : `${generation}:${snapshot.seq}`;
  await stream.writeSSE({ event: 'snapshot', id, data: JSON.stringify(snapshot) });
  for (const log of logs) await stream.writeSSE({ event: 'log', id, data: JSON.stringify(log) });
  return snapshot.seq;
}

async function sendEvents(
  stream: SSEStreamingApi,
  buffer: RunBuffer,
  events: readonly MeshEvent[],
  generation: string,
): Promise<number> {
  await stream.write(events.map((event) => messageOf(buffer, event, generation)).join(''));
  return events.at(-1)?.seq ?? -1;
}

/** State events are plain messages; packets and log lines have types of their own. JSON has no line breaks. */
function messageOf(buffer: RunBuffer, event: MeshEvent, generation: string): string {
  const type = isDetail(event) ? `event: ${event.type}\n` : '';
  return `${type}data: ${buffer.lineOf(event)}\nid: ${generation}:${event.seq}\n\n`;
}

async function sendEnd(stream: SSEStreamingApi, buffer: RunBuffer): Promise<void> {
  await stream.writeSSE({ event: 'end', data: JSON.stringify(buffer.end) });
}

async function nextChange(
  stream: SSEStreamingApi,
  buffer: RunBuffer,
  { gone, heartbeatMs }: { readonly gone: AbortSignal; readonly heartbeatMs: number },
): Promise<void> {
  const heartbeat = AbortSignal.timeout(heartbeatMs);
  try {
    await buffer.changed(AbortSignal.any([gone, heartbeat]));
    if (buffer.end === undefined) await stream.sleep(FLUSH_MS);
  } catch {
    if (!gone.aborted) await stream.write(': still here\n\n');
  }
}

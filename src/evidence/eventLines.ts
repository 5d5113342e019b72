import { eventSchema, type MeshEvent } from '../model/events.ts';

type EventType = MeshEvent['type'];

/** The events in the text of an events.jsonl whose bytes were checked, but those of the types left out, which are not even parsed. */
export function* eventsIn(text: string, leftOut: readonly EventType[]): Generator<MeshEvent> {
  const marks = leftOut.map((type) => `"type":"${type}"`);
  for (const line of text.split('\n')) {
    if (line === '' || marks.some((mark) => line.includes(mark))) continue;
    const parsed = eventSchema.safeParse(JSON.parse(line));
    if (parsed.success) yield parsed.data;
  }
}

import type { VNode } from 'preact';

/** What happened in the run shown, one row an event. */
export function EventLog(): VNode {
  return <section class="event-log" aria-label="Events" />;
}

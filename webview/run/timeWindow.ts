/** A stretch of a run that is shown, ms since it began. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** The axis of a live run grows in steps when live passes 94 % of it, so that the picture does not crawl. */
const GROWTH = 1.3;
const FULL_AT = 0.94;
const FIRST_SPAN_MS = 4_000;
/** Closer there is nothing more to see: clocks of packets have a grain of a microsecond, curves take tens of ms. */
export const MIN_SPAN_MS = 20;
/** Where live stands after a zoomed window was moved on. */
const FOLLOWED_AT = 0.6;
/** Room right of the end of a run that ended. */
const END_MARGIN = 1.02;

/** All of a run. @param at its newest time, ms */
export function wholeRun(at: number, hasEnded: boolean): TimeWindow {
  if (hasEnded) return { from: 0, to: Math.max(MIN_SPAN_MS, at * END_MARGIN) };
  let to = FIRST_SPAN_MS;
  while (at > FULL_AT * to) to *= GROWTH;
  return { from: 0, to };
}

/** The same span, moved so that it lies within the whole where it fits. */
export function within({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  const span = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** Shows `factor` times as much; `anchor` (ms) stays where it is. Undefined: the whole. */
export function zoomed(
  window: TimeWindow,
  factor: number,
  anchor: number,
  whole: TimeWindow,
): TimeWindow | undefined {
  const span = Math.max(MIN_SPAN_MS, (window.to - window.from) * factor);
  if (span >= whole.to - whole.from) return undefined;
  const share = (anchor - window.from) / (window.to - window.from);
  const from = anchor - share * span;
  return within({ from, to: from + span }, whole);
}

export function panned(window: TimeWindow, ms: number, whole: TimeWindow): TimeWindow {
  return within({ from: window.from + ms, to: window.to + ms }, whole);
}

/** The window, moved on when `t` has left it or stands in its last 6 %; in one step, so that it is drawn anew seldom. */
export function followed(window: TimeWindow, t: number): TimeWindow {
  const span = window.to - window.from;
  if (t >= window.from && t <= window.from + FULL_AT * span) return window;
  const from = Math.max(0, t - FOLLOWED_AT * span);
  return { from, to: from + span };
}

import type { RunHistory } from '../../run/history.ts';
import { momentAfter, momentBefore } from '../../run/keyMoments.ts';
import type { RunClock, RunExtent } from '../../state/runClock.ts';

/** How much more a step out shows. */
export const ZOOM_STEP = 1.6;
const FINE_STEP_MS = 100;

interface Place {
  readonly clock: RunClock;
  readonly run: RunHistory;
  readonly extent: RunExtent;
  /** The instant that is shown, ms. */
  readonly t: number;
}

/** To a moment, if there is one. */
export function stepTo(clock: RunClock, ms: number | undefined, extent: RunExtent): void {
  if (ms !== undefined) clock.seek(ms, extent);
}

const ACTIONS: Readonly<Record<string, (place: Place) => void>> = {
  ArrowLeft: ({ clock, run, extent, t }) => {
    stepTo(clock, momentBefore(run.log, t, 'key') ?? 0, extent);
  },
  ArrowRight: ({ clock, run, extent, t }) => {
    stepTo(clock, momentAfter(run.log, t, 'key'), extent);
  },
  'Shift+ArrowLeft': ({ clock, extent, t }) => {
    clock.seek(t - FINE_STEP_MS, extent);
  },
  'Shift+ArrowRight': ({ clock, extent, t }) => {
    clock.seek(t + FINE_STEP_MS, extent);
  },
  p: ({ clock, run, extent, t }) => {
    stepTo(clock, momentBefore(run.log, t, 'problem'), extent);
  },
  n: ({ clock, run, extent, t }) => {
    stepTo(clock, momentAfter(run.log, t, 'problem'), extent);
  },
  '+': ({ clock, extent, t }) => {
    clock.zoomBy(1 / ZOOM_STEP, t, extent);
  },
  '-': ({ clock, extent, t }) => {
    clock.zoomBy(ZOOM_STEP, t, extent);
  },
  '0': ({ clock }) => {
    clock.fit();
  },
  ' ': ({ clock, extent }) => {
    clock.togglePlay(extent);
  },
  l: ({ clock, extent }) => {
    clock.goLive(extent);
  },
  Home: ({ clock, extent }) => {
    clock.seek(0, extent);
  },
  End: ({ clock, extent }) => {
    clock.goLive(extent);
  },
};

/** Keys of the lanes; false for those that are not theirs, among them all that VS Code owns with a modifier. */
export function pressKey(event: KeyboardEvent, place: Place): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const isArrow = event.key.startsWith('Arrow');
  const action = ACTIONS[`${event.shiftKey && isArrow ? 'Shift+' : ''}${keyOf(event)}`];
  action?.(place);
  return action !== undefined;
}

/** "=" is "+" without Shift on many keyboards. */
function keyOf({ key }: KeyboardEvent): string {
  if (key === '=') return '+';
  return key.length === 1 ? key.toLowerCase() : key;
}

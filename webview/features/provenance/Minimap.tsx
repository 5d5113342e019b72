import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { msAt } from '../../draw/laneScale.ts';
import { paintMinimap } from '../../draw/minimap.ts';
import { surfaceOf } from '../../draw/surface.ts';
import type { RunHistory } from '../../run/history.ts';
import { wholeRun } from '../../run/timeWindow.ts';
import type { RunClock, RunExtent } from '../../state/runClock.ts';
import { drawTheme } from '../../theme/drawTheme.ts';

const HEIGHT = 18;

/** All of the run above its lanes. A drag moves the stretch that is zoomed in on; with none, it moves the playhead. */
export function Minimap(props: {
  readonly clock: RunClock;
  readonly run: RunHistory;
  readonly extent: RunExtent;
  readonly t: number;
  readonly width: number;
}): VNode {
  const { clock, run, extent, t, width } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = drawTheme();
  const whole = wholeRun(extent.at, extent.hasEnded);
  const window = clock.window(extent);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const ctx = surfaceOf(canvas.current, width, HEIGHT);
    if (ctx === undefined) return;
    const { histogram } = run.packets;
    paintMinimap(ctx, { width, height: HEIGHT, histogram, whole, window, t }, theme);
  });
  const centreOn = (x: number): void => {
    const ms = msAt({ ...whole, width }, x);
    if (clock.zoom.value === undefined) clock.seek(ms, extent);
    else clock.panBy(ms - (window.from + window.to) / 2, extent);
  };
  return (
    <canvas
      ref={canvas}
      class="minimap"
      role="img"
      aria-label="All of the run: packets over time, and the stretch the lanes show"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const { from, to } = window;
        const ms = msAt({ ...whole, width }, event.offsetX);
        // Inside the brush a drag takes hold of it where it is; beside it, it jumps there first.
        if (clock.zoom.value === undefined || ms < from || ms > to) centreOn(event.offsetX);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 1) return;
        if (clock.zoom.value === undefined) centreOn(event.offsetX);
        else clock.panBy((event.movementX / width) * (whole.to - whole.from), extent);
      }}
    />
  );
}

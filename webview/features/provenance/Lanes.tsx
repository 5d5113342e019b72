import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { nodeIndexOf } from '../../../src/model/nodeIds.ts';
import type { RunView } from '../../../src/model/runView.ts';
import { axisSteps, msAt, paintLanes, xOf, type LaneGeometry } from '../../draw/lanes.ts';
import { readTheme } from '../../draw/theme.ts';
import type { RunHistory } from '../../run/history.ts';
import { laneSegments } from '../../run/laneSegments.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { inRun } from './format.ts';
import { markOf, stateOf } from './LiveRun.tsx';

const LANE = 60;
const LANE_OF_MANY = 34;
const MANY_NODES = 6;
/** The axis grows in steps when live passes 94 % of it, so that the picture does not crawl. */
const GROWTH = 1.3;
const FIRST_SPAN_MS = 4_000;
const STEP_MS = 100;
const MAX_PIXEL_RATIO = 2;

function spanFor(at: number): number {
  let span = FIRST_SPAN_MS;
  while (at > 0.94 * span) span *= GROWTH;
  return span;
}

/** Each node's phases over time, and every packet between them. Its text twin is the event log. */
export function Lanes(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  /** The run at `t`. */
  readonly view: RunView;
  /** ms since the run began. */
  readonly t: number;
}): VNode {
  const { state, run, view, t } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  const laneHeight = run.nodes > MANY_NODES ? LANE_OF_MANY : LANE;
  const geometry: LaneGeometry = {
    width,
    laneHeight,
    nodes: run.nodes,
    from: 0,
    to: spanFor(run.view.at),
  };
  const segments = useMemo(() => laneSegments(run.events, run.nodes), [run, run.events.length]);
  useEffect(() => {
    paint(canvas.current, { geometry, run, t, segments });
  });
  const seek = (ms: number): void => {
    state.seekTo.value = ms >= run.view.at ? undefined : Math.max(0, ms);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') seek(t - STEP_MS);
    else if (event.key === 'ArrowRight') seek(t + STEP_MS);
    else if (event.key === 'Home') seek(0);
    else if (event.key === 'End' || event.key === 'l') state.seekTo.value = undefined;
    else return;
    event.preventDefault();
  };
  return (
    <div class="lanes">
      <ul class="lane-names" aria-label="Nodes">
        {view.nodes.map((node) => (
          <li key={node.nodeId} class={laneHeight === LANE ? '' : 'one-line'}>
            <Mark name={markOf(node)} tone={node.state === 'ready' ? 'ok' : ''} />
            <span>
              <strong>{node.nodeId}</strong>{' '}
              {node.nodeId === 'n0' && <span class="quiet">origin</span>}
              <span class="label">{stateOf(node)}</span>
            </span>
          </li>
        ))}
      </ul>
      <div class="lane-chart">
        <ol class="axis" aria-hidden="true">
          {axisSteps(geometry, 64).map((ms) => (
            <li key={ms} ref={(item) => item?.style.setProperty('left', `${xOf(geometry, ms)}px`)}>
              {(ms / 1000).toFixed(1)} s
            </li>
          ))}
        </ol>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="slider"
          aria-label="Time in the run, seconds"
          aria-valuemin={0}
          aria-valuemax={run.view.at / 1000}
          aria-valuenow={t / 1000}
          aria-valuetext={`${inRun(t)} seconds`}
          onKeyDown={keys}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            seek(msAt(geometry, event.offsetX));
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) seek(msAt(geometry, event.offsetX));
          }}
        />
      </div>
    </div>
  );
}

function paint(
  canvas: HTMLCanvasElement | null,
  picture: {
    geometry: LaneGeometry;
    run: RunHistory;
    t: number;
    segments: ReturnType<typeof laneSegments>;
  },
): void {
  const ctx = canvas?.getContext('2d');
  if (canvas === null || ctx === null || ctx === undefined || picture.geometry.width === 0) return;
  const { geometry, run, t, segments } = picture;
  const ratio = Math.min(devicePixelRatio, MAX_PIXEL_RATIO);
  const height = geometry.laneHeight * geometry.nodes;
  canvas.style.height = `${height}px`;
  canvas.width = geometry.width * ratio;
  canvas.height = height * ratio;
  ctx.scale(ratio, ratio);
  const theme = readTheme();
  const hops = run.events.flatMap((event) =>
    event.type === 'hop'
      ? [{ node: nodeIndexOf(event.nodeId), at: event.at, isValid: event.status === 'valid' }]
      : [],
  );
  const maxLatencyMs = run.plan.params.latencyMs[1];
  paintLanes(ctx, { geometry, segments, packets: run.packets, hops, now: t, maxLatencyMs }, theme);
  const x = Math.round(xOf(geometry, t)) + 0.5;
  ctx.strokeStyle = theme.fg;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, 0);
  ctx.lineTo(x, height);
  ctx.stroke();
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      setWidth(current.clientWidth);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return width;
}

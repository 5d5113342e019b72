import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { RunView } from '../../../src/model/runView.ts';
import type { VersionNames } from '../../draw/laneBars.ts';
import { LanesPainter } from '../../draw/lanes.ts';
import { heightOf, msAt, type LaneScale } from '../../draw/laneScale.ts';
import { WINDOW_STRIP } from '../../draw/upgradeBands.ts';
import { packetAt } from '../../draw/packetHit.ts';
import type { RunHistory } from '../../run/history.ts';
import type { NodeProgress } from '../../run/nodeProgress.ts';
import { hiddenClasses } from '../../run/packetClass.ts';
import { wholeRun } from '../../run/timeWindow.ts';
import type { RunExtent } from '../../state/runClock.ts';
import type { StudioState } from '../../state/studioState.ts';
import { drawTheme } from '../../theme/drawTheme.ts';
import { useSize } from '../../ui/useSize.ts';
import { inRun, short } from './format.ts';
import { pressKey } from './laneKeys.ts';
import { LaneNames } from './LaneNames.tsx';
import { Minimap } from './Minimap.tsx';
import { PacketTip, type TipPlace } from './PacketTip.tsx';
import { MANY_NODES } from './RunHeader.tsx';

const AXIS = 28;
/** Lane heights by the width of the lanes, and for more nodes than fit at ease. */
const LANE = { wide: 60, medium: 50, narrow: 40, many: 31, manyNarrow: 26 } as const;
const MEDIUM_PX = 690;
const NARROW_PX = 560;
const BAR = { high: 15, low: 12 } as const;
const LOW_LANE = 46;
/** One notch of a wheel, about 100, zooms by a fifth. */
const WHEEL_ZOOM = 0.0018;

function laneHeightFor(width: number, nodes: number): number {
  if (nodes > MANY_NODES) return width < NARROW_PX ? LANE.manyNarrow : LANE.many;
  if (width < NARROW_PX) return LANE.narrow;
  return width < MEDIUM_PX ? LANE.medium : LANE.wide;
}

/** Each node's phases over time, and every packet between them. Its text twin is the event log. */
export function Lanes(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  /** The run at `t`. */
  readonly view: RunView;
  /** Of each node of the view. */
  readonly progress: readonly NodeProgress[];
  readonly extent: RunExtent;
  /** ms since the run began. */
  readonly t: number;
}): VNode {
  const { state, run, view, progress, extent, t } = props;
  const { clock } = state;
  const plot = useRef<HTMLDivElement>(null);
  const { width } = useSize(plot);
  const [tip, setTip] = useState<TipPlace | undefined>(undefined);
  const laneHeight = laneHeightFor(width, run.nodes);
  const scale: LaneScale = {
    ...clock.window(extent),
    width,
    top: run.upgrade === undefined ? AXIS : AXIS + WINDOW_STRIP,
    laneHeight,
    barHeight: laneHeight < LOW_LANE ? BAR.low : BAR.high,
    nodes: run.nodes,
  };
  const hidden = useHidden(state);
  usePainter(plot, { state, run, extent, t, scale, hidden });
  const hovered = clock.hovered.value;
  const unhover = (): void => {
    clock.hovered.value = undefined;
    setTip(undefined);
  };
  const hover = (x: number, y: number): void => {
    const number = packetAt(run.packets, scale, { x, y }, (kind) => hidden[kind] === true);
    if (number === undefined) {
      if (clock.hovered.value !== undefined) unhover();
      return;
    }
    const at = run.packets.at(number);
    if (clock.hovered.value?.number !== number) {
      clock.hovered.value = { number, link: run.packets.link[at] ?? 0 };
    }
    setTip({ x, y });
  };
  const wheel = (event: WheelEvent & { readonly offsetX: number }): void => {
    event.preventDefault();
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const moved = event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (isSideways) clock.panBy((moved / width) * (scale.to - scale.from), extent);
    else clock.zoomBy(Math.exp(event.deltaY * WHEEL_ZOOM), msAt(scale, event.offsetX), extent);
  };
  return (
    <div class={run.upgrade === undefined ? 'lanes' : 'lanes has-windows'}>
      <LaneNames
        state={state}
        progress={progress}
        laneHeight={laneHeight}
        isNarrow={width < NARROW_PX}
        names={run.upgrade && namesIn(run)}
      />
      <div class="lane-chart">
        <Minimap clock={clock} run={run} extent={extent} t={t} width={width} />
        <div class="lane-plot" ref={plot} onPointerLeave={unhover}>
          <canvas class="lanes-base" aria-hidden="true" />
          <canvas
            class="lanes-overlay"
            tabIndex={0}
            role="slider"
            aria-label="Time in the run, seconds"
            aria-valuemin={0}
            aria-valuemax={extent.at / 1000}
            aria-valuenow={t / 1000}
            aria-valuetext={`${inRun(t)} seconds, ${view.ready} of ${run.nodes} ready`}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                if (state.nodeFilter.value === undefined) unhover();
                else state.nodeFilter.value = undefined;
              } else if (pressKey(event, { clock, run, extent, t })) event.preventDefault();
            }}
            onWheel={wheel}
            onDblClick={() => {
              clock.fit();
            }}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              clock.seek(msAt(scale, event.offsetX), extent);
            }}
            onPointerMove={(event) => {
              if (event.buttons === 1) clock.seek(msAt(scale, event.offsetX), extent);
              else hover(event.offsetX, event.offsetY);
            }}
          />
          {tip !== undefined && hovered !== undefined && hovered.number >= run.packets.first && (
            <PacketTip
              packets={run.packets}
              number={hovered.number}
              place={tip}
              width={width}
              maxLatencyMs={run.plan.params.latencyMs[1]}
            />
          )}
        </div>
      </div>
    </div>
  );
}

function namesIn({ plan }: RunHistory): VersionNames {
  return { old: short(plan.upgrade?.from ?? ''), new: short(plan.capsuleHash) };
}

/** Which packet classes are hidden, by index; the same array until that changes. */
function useHidden({ clock }: StudioState): readonly boolean[] {
  const items = clock.hiddenItems.value;
  return useMemo(() => hiddenClasses(items), [items]);
}

function usePainter(
  plot: { readonly current: HTMLDivElement | null },
  what: {
    readonly state: StudioState;
    readonly run: RunHistory;
    readonly extent: RunExtent;
    readonly t: number;
    readonly scale: LaneScale;
    readonly hidden: readonly boolean[];
  },
): void {
  const painter = useRef<LanesPainter>(undefined);
  const theme = drawTheme();
  const { state, run, extent, t, scale, hidden } = what;
  // Before the browser paints: the flag over the lanes and the text beside them tell one instant.
  useLayoutEffect(() => {
    const [base, overlay] = plot.current?.querySelectorAll('canvas') ?? [];
    if (base === undefined || overlay === undefined) return;
    painter.current = new LanesPainter(base, overlay);
    return () => {
      painter.current?.dispose();
    };
  }, []);
  useLayoutEffect(() => {
    plot.current?.style.setProperty('height', `${heightOf(scale)}px`);
    painter.current?.draw({
      scale,
      whole: wholeRun(extent.at, extent.hasEnded),
      packets: run.packets,
      traffic: state.clock.hiddenItems.value.has('service') ? undefined : run.traffic,
      lanes: run.lanes.lanes,
      faults: run.faults.spans,
      upgrade: run.upgrade,
      names: namesIn(run),
      revision: run.events.length,
      live: extent.at,
      hasEnded: extent.hasEnded,
      t,
      isPast: t < extent.at,
      hidden,
      hovered: state.clock.hovered.value?.number,
      theme,
    });
  });
}

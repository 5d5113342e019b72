import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { ringLayout, treeOrder, type RingLayout } from '../../draw/ring.ts';
import { paintRingBundles } from '../../draw/bundles.ts';
import { paintRingPackets } from '../../draw/ringPackets.ts';
import type { RunHistory } from '../../run/history.ts';
import { hopsOf, parentsOf, type Hop } from '../../run/hops.ts';
import type { NodeProgress } from '../../run/nodeProgress.ts';
import { hiddenClasses } from '../../run/packetClass.ts';
import { packetsAround, type PacketsAround } from '../../run/packetsInFlight.ts';
import type { StudioState } from '../../state/studioState.ts';
import { drawTheme } from '../../theme/drawTheme.ts';
import { Mark } from '../../ui/Mark.tsx';
import { useSize, type Size } from '../../ui/useSize.ts';
import { RingNodeButton } from './RingNodeButton.tsx';
import { IdleWays, HopWays } from './RingWays.tsx';
import { VersionMark } from './VersionMark.tsx';

const MAX_PIXEL_RATIO = 2;
/** Between a packet's arrival and the batch that tells of it. */
const BATCH_MS = 60;

const NO_RATES: ReadonlyMap<number, number> = new Map();

/** The mesh as a ring in the order of its rollout, with the packets that are under way. */
export function TopologyRing(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  /** Of each node at `t`. */
  readonly progress: readonly NodeProgress[];
  /** ms since the run began. */
  readonly t: number;
}): VNode {
  const { state, run, progress, t } = props;
  const frame = state.frame.value;
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const known = run.events.length;
  const hops = useMemo(() => hopsOf(run.events), [run, known]);
  const layout = useLayout(size, hops, run.nodes);
  const items = state.clock.hiddenItems.value;
  const packets = packetsAround(run.packets, flightInstant(run, t), hiddenClasses(items));
  const rates = items.has('service') ? NO_RATES : run.traffic.ratesAt(t);
  return (
    <section class="topology" aria-label="Topology" data-frame={frame}>
      <h2>
        Topology{' '}
        <span
          class="quiet"
          title="Packets are told of when they arrive: while a run is live this is a moment ago."
        >
          {packets.flying.length} in flight
        </span>
        <span class="ring-legend quiet">
          {run.upgrade !== undefined && (
            <>
              <VersionMark version="old" /> old <VersionMark version="new" /> new{' '}
            </>
          )}
          <Mark name="shield" tone="ok" /> hop verified
        </span>
      </h2>
      <div class="ring" ref={box}>
        <svg width={size.width} height={size.height} role="group" aria-label="Nodes of the mesh">
          <IdleWays layout={layout} linked={run.linked} />
          <HopWays layout={layout} hops={hops.filter(({ at }) => at <= t)} />
          {progress.map((node, index) => (
            <RingNodeButton
              key={node.nodeId}
              layout={layout}
              index={index}
              progress={node}
              filter={state.nodeFilter}
            />
          ))}
        </svg>
        <RingPackets layout={layout} packets={packets} rates={rates} size={size} />
      </div>
    </section>
  );
}

/** The last instant at or before `t` of which every packet within the configured latency was told. */
function flightInstant(run: RunHistory, t: number): number {
  if (run.end !== undefined) return t;
  return Math.min(t, run.view.at - run.plan.params.latencyMs[1] - BATCH_MS);
}

function useLayout(size: Size, hops: readonly Hop[], nodes: number): RingLayout {
  const order = treeOrder(parentsOf(hops, nodes));
  return useMemo(() => ringLayout(size, order), [size, order.join(' ')]);
}

function RingPackets(props: {
  readonly layout: RingLayout;
  readonly packets: PacketsAround;
  /** Packets a second between services, by link. */
  readonly rates: ReadonlyMap<number, number>;
  readonly size: Size;
}): VNode {
  const { layout, packets, rates, size } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = drawTheme();
  const ratio = Math.min(globalThis.devicePixelRatio, MAX_PIXEL_RATIO);
  useLayoutEffect(() => {
    const ctx = canvas.current?.getContext('2d');
    if (ctx === null || ctx === undefined) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, size.width, size.height);
    paintRingBundles(ctx, layout, rates, theme);
    paintRingPackets(ctx, layout, packets, theme);
  });
  return (
    <canvas
      ref={canvas}
      aria-hidden="true"
      width={Math.round(size.width * ratio)}
      height={Math.round(size.height * ratio)}
    />
  );
}

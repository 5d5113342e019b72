import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { FailedOutput } from './FailedOutput.tsx';
import { Lanes } from './Lanes.tsx';
import { LatencyHeatmap } from './LatencyHeatmap.tsx';
import { Legend } from './Legend.tsx';
import { ServiceLinks } from './ServiceLinks.tsx';
import { RunHeader } from './RunHeader.tsx';
import { TopologyRing } from './TopologyRing.tsx';
import { Transport } from './Transport.tsx';

/** One run, live or recorded, at the end or at the instant that was sought. */
export function LiveRun({ state }: { readonly state: StudioState }): VNode | null {
  const frame = state.frame.value;
  const { run, clock } = state;
  const extent = { at: run?.view.at ?? 0, hasEnded: run?.end !== undefined };
  useEffect(() => {
    clock.follow(extent);
  }, [extent.at]);
  if (run === undefined) return null;
  const t = state.seekTo.value ?? extent.at;
  const view = run.viewAt(t);
  const progress = run.progressOf(view);
  return (
    <div class="run" data-frame={frame}>
      <RunHeader state={state} run={run} view={view} progress={progress} frame={frame} />
      <FailedOutput run={run} />
      <ServiceLinks state={state} run={run} ready={run.view.ready} />
      <Legend
        clock={clock}
        counts={run.packetsAt(t)}
        services={run.traffic.total === 0 ? undefined : run.traffic.packetsUntil(t)}
        hasFaults={run.faults.spans.length > 0}
        frame={frame}
      />
      <Lanes state={state} run={run} view={view} progress={progress} extent={extent} t={t} />
      <Transport state={state} run={run} extent={extent} t={t} />
      <div class="duo">
        <TopologyRing state={state} run={run} progress={progress} t={t} />
        <LatencyHeatmap run={run} t={t} outlinedLink={clock.hoveredLink.value} />
      </div>
    </div>
  );
}

import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { EvidenceExtension } from '../../../src/model/evidence.ts';
import type { RunHistory } from '../../run/history.ts';
import { openingOf } from '../../run/replay.ts';
import type { StudioState } from '../../state/studioState.ts';
import { ReplayTransport } from './ReplayTransport.tsx';
import { TopologyRing } from './TopologyRing.tsx';

/** The run again, packet by packet, as its signed events tell it. It shares its instant with the Run view. */
export function PacketReplay(props: {
  readonly state: StudioState;
  readonly evidence: Evidence;
  readonly extension: EvidenceExtension;
}): VNode {
  const { state, evidence, extension } = props;
  const frame = state.frame.value;
  const { simId } = extension.result;
  const run = frame >= 0 && state.run?.simId === simId ? state.run : undefined;
  if (run === undefined || !evidence.hasEvents) {
    return (
      <section class="packet-replay" aria-label="Packet replay">
        <h3 class="section-head">Packet replay</h3>
        <p class="nothing quiet">{absenceOf(state, evidence)}</p>
      </section>
    );
  }
  return <Replay state={state} run={run} outcome={extension.result.outcome} />;
}

function Replay(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  readonly outcome: 'pass' | 'fail';
}): VNode {
  const { state, run, outcome } = props;
  const t = state.seekTo.value ?? openingOf(run.events, outcome);
  const view = run.viewAt(t);
  return (
    <section class="packet-replay" aria-label="Packet replay">
      <h3 class="section-head">
        Packet replay{' '}
        <span class="quiet">
          READY {view.ready}/{run.nodes}
        </span>
      </h3>
      <TopologyRing state={state} run={run} progress={run.progressOf(view)} t={t} />
      <ReplayTransport state={state} run={run} t={t} />
    </section>
  );
}

function absenceOf(state: StudioState, evidence: Evidence): string {
  if (!evidence.hasEvents) {
    const step = evidence.steps.find(({ name }) => name === 'events');
    return step?.sentence ?? 'The events of this run are not in this workspace.';
  }
  return state.runProblem.value === '' ? 'Reading the events of the run.' : state.runProblem.value;
}

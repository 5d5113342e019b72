import type { VNode } from 'preact';
import type { RunView } from '../../../src/model/runView.ts';
import type { RunHistory } from '../../run/history.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { inRun } from './format.ts';
import { Lanes } from './Lanes.tsx';
import { LatencyHeatmap } from './LatencyHeatmap.tsx';
import { TopologyRing } from './TopologyRing.tsx';

/** One run, live or recorded, at the end or at the instant that was sought. */
export function LiveRun({ state }: { readonly state: StudioState }): VNode {
  const frame = state.frame.value;
  const { run } = state;
  if (run === undefined) return <NoRun state={state} />;
  const t = state.seekTo.value ?? run.view.at;
  const view = run.viewAt(t);
  return (
    <div class="run" data-frame={frame}>
      <RunHeader state={state} run={run} view={view} />
      <Lanes state={state} run={run} view={view} t={t} />
      <div class="transport">
        <output class="time">{inRun(t)} s</output>
        {state.seekTo.value === undefined ? (
          <span class="quiet">{run.end === undefined ? 'following live' : 'at the end'}</span>
        ) : (
          <Button onPress={() => (state.seekTo.value = undefined)}>
            {run.end === undefined ? 'Go to live' : 'Go to the end'}
          </Button>
        )}
        {!run.isConnected && (
          <span class="err">disconnected, showing data until {inRun(run.view.at)} s</span>
        )}
      </div>
      <div class="duo">
        <TopologyRing state={state} run={run} view={view} t={t} />
        <LatencyHeatmap run={run} t={t} />
      </div>
    </div>
  );
}

function NoRun({ state }: { readonly state: StudioState }): VNode {
  const capsule = state.capsuleHash.value;
  return (
    <div class="nothing">
      <h2>No run selected</h2>
      <p class="quiet">
        {capsule === undefined
          ? 'Pack a workspace first: a run rehearses a packed Capsule.'
          : `Simulate Mesh boots node processes, passes Capsule ${capsule.slice(0, 7)} between them over an emulated network, checks its signature at every hop and starts its services.`}
      </p>
    </div>
  );
}

function statusOf(run: RunHistory, view: RunView): string {
  if (run.end !== undefined && view === run.view) return run.end.outcome.toUpperCase();
  return view.status === 'started' ? 'running' : view.status;
}

function RunHeader({
  state,
  run,
  view,
}: {
  readonly state: StudioState;
  readonly run: RunHistory;
  readonly view: RunView;
}): VNode {
  const total = view.nodes.reduce((sum, { chunksTotal }) => sum + chunksTotal, 0);
  const have = view.nodes.reduce((sum, { chunksHave }) => sum + chunksHave, 0);
  const lost = view.packetsSent === 0 ? 0 : (100 * view.packetsLost) / view.packetsSent;
  const stop = (): void => {
    void state.attempt(() => state.client.cancel(run.simId));
  };
  return (
    <header class="run-header">
      <div>
        <strong>{run.simId.slice(0, 8)}</strong>
        <span class="label">{statusOf(run, view)}</span>
      </div>
      <div role="status">
        <span class="label">READY</span>
        <span class="ready">
          {view.ready}
          <span class="quiet">/{run.nodes}</span>
        </span>
      </div>
      <ul class="cells">
        {view.nodes.map((node) => (
          <li key={node.nodeId}>
            <NodeCell state={state} node={node} />
          </li>
        ))}
      </ul>
      <div>
        <span class="label">Capsule chunks</span>
        {have} of {total}
      </div>
      <div>
        <span class="label">Hop signatures</span>
        {view.hopsValid} valid, {view.hopsInvalid} invalid
      </div>
      <div class="packets-count">
        <span class="label">Packets</span>
        {view.packetsSent} sent, {view.packetsLost} lost ({lost.toFixed(1)} %)
        {view.packetsUnreachable > 0 && `, ${view.packetsUnreachable} to nodes that were down`}
      </div>
      {run.end === undefined && <Button onPress={stop}>Stop</Button>}
      {run.end !== undefined && run.end.outcome !== 'pass' && <p class="err">{run.end.sentence}</p>}
    </header>
  );
}

type NodeState = RunView['nodes'][number];

export function markOf({ state, phase }: NodeState): MarkName {
  if (state === 'ready') return 'pass';
  if (state === 'crashed' || state === 'halted' || state === 'failed') return 'fail';
  return phase === 'healthy' ? 'start' : phase;
}

export function stateOf(node: NodeState): string {
  if (node.state === 'up') {
    const chunks = node.phase === 'receive' ? ` ${node.chunksHave}/${node.chunksTotal}` : '';
    return `${node.phase}${chunks}`;
  }
  return node.state === 'ready' ? 'healthy' : node.state;
}

function NodeCell({
  state,
  node,
}: {
  readonly state: StudioState;
  readonly node: NodeState;
}): VNode {
  const { nodeId } = node;
  const frame = state.frame.value;
  const isChosen = state.nodeFilter.value === nodeId;
  return (
    <button
      type="button"
      data-frame={frame}
      class={`cell is-${node.state}`}
      aria-pressed={isChosen}
      aria-label={`${nodeId}, ${stateOf(node)}`}
      title={`${nodeId}, ${stateOf(node)}`}
      onClick={() => (state.nodeFilter.value = isChosen ? undefined : nodeId)}
    >
      <Mark name={markOf(node)} />
    </button>
  );
}

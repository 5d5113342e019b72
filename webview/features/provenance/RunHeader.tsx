import type { VNode } from 'preact';
import type { RunView } from '../../../src/model/runView.ts';
import type { RunHistory } from '../../run/history.ts';
import { accessibleText, type NodeProgress } from '../../run/nodeProgress.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { percentOf } from './format.ts';
import { NodeMark } from './NodeMark.tsx';

/** How a run stands at the instant that is shown. */
export function RunHeader(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  readonly view: RunView;
  /** Of each node of the view. */
  readonly progress: readonly NodeProgress[];
  /** The view is changed in place: this tells that it was. */
  readonly frame: number;
}): VNode {
  const { state, run, view, progress } = props;
  const stop = (): void => {
    void state.attempt(() => state.client.cancel(run.simId));
  };
  return (
    <header class="run-header">
      <div class="run-name">
        <strong>
          <i class={`dot ${run.end === undefined ? 'is-live' : run.end.outcome}`} />
          <span title={run.simId}>{run.simId.slice(0, 8)}</span>
        </strong>
        <span class="label">{statusOf(run, view)}</span>
      </div>
      <div class="ready-count" role="status">
        <span class="label">READY</span>
        <span class="ready">
          {view.ready}
          <span class="quiet">/{run.nodes}</span>
        </span>
      </div>
      <ul class={run.nodes > MANY_NODES ? 'cells many' : 'cells'}>
        {progress.map((node) => (
          <li key={node.nodeId}>
            <NodeCell
              node={node}
              isChosen={state.nodeFilter.value === node.nodeId}
              onChoose={(nodeId) => (state.nodeFilter.value = nodeId)}
            />
          </li>
        ))}
      </ul>
      <Chunks view={view} />
      <div class="fact hops">
        <span class="label">Hop signatures</span>
        <span>
          {view.hopsValid} <small>valid</small>
          <small class="wide-only">, {view.hopsInvalid} invalid</small>
        </span>
      </div>
      <Packets view={view} />
      {run.end === undefined && (
        <button type="button" class="stop" aria-label="Stop" onClick={stop}>
          <Mark name="stop" />
          <span class="stop-word">Stop</span>
        </button>
      )}
      {run.end !== undefined && run.end.outcome !== 'pass' && (
        <p class="cause err">{run.end.sentence}</p>
      )}
      <p class="visually-hidden" role="status">
        {newsOf(run)}
      </p>
    </header>
  );
}

/** Above, cells are narrow and lanes low. */
export const MANY_NODES = 6;

function statusOf(run: RunHistory, view: RunView): string {
  if (run.end !== undefined && view === run.view) return run.end.outcome.toUpperCase();
  const isStarting = view.status === 'started' && view.nodes.every(({ state }) => state !== 'up');
  if (isStarting && view.ready === 0) return `starting ${run.nodes} processes`;
  return view.status === 'started' ? 'running' : view.status;
}

/** What a screen reader is told without being asked: crashes, and how it ended. The log is too fast for that. */
function newsOf({ end, view }: RunHistory): string {
  if (end !== undefined) return `Run ended: ${end.outcome}. ${end.sentence}`;
  const down = view.nodes.filter(({ state }) => state === 'crashed' || state === 'halted');
  return down
    .map(({ nodeId, state }) => `${nodeId} ${state === 'crashed' ? 'down' : state}`)
    .join(', ');
}

/** Every node but the origin receives all of the Capsule. */
function Chunks({ view }: { readonly view: RunView }): VNode {
  const receivers = view.nodes.slice(1);
  const each = Math.max(0, ...view.nodes.map(({ chunksTotal }) => chunksTotal));
  const total = receivers.length * each;
  const have = receivers.reduce((sum, { chunksHave }) => sum + chunksHave, 0);
  const share = total === 0 ? 0 : (100 * have) / total;
  return (
    <div class="fact chunks">
      <span class="label">Capsule chunks</span>
      <span>
        {have} <small>of {total === 0 ? '–' : total}</small>
      </span>
      <span class="bar" ref={(bar) => bar?.style.setProperty('--share', `${share}%`)} />
    </div>
  );
}

function Packets({ view }: { readonly view: RunView }): VNode {
  const { packetsSent: sent, packetsLost: lost, packetsUnreachable: unreachable } = view;
  return (
    <div
      class="fact packets-count"
      title={`${lost} lost by the emulated network, ${unreachable} sent to a node that was down or cut off`}
    >
      <span class="label">Packets</span>
      <span>
        {sent} <small>sent,</small> {lost} <small>lost ({percentOf(lost, sent)} %)</small>
        {unreachable > 0 && <small>, {unreachable} peer down</small>}
      </span>
    </div>
  );
}

function NodeCell(props: {
  readonly node: NodeProgress;
  readonly isChosen: boolean;
  readonly onChoose: (nodeId: string | undefined) => void;
}): VNode {
  const { node, isChosen, onChoose } = props;
  const { nodeId, kind, share } = node;
  const words = accessibleText(node);
  return (
    <button
      type="button"
      class={`cell in-${kind}`}
      aria-pressed={isChosen}
      aria-label={words}
      title={words}
      ref={(cell) => cell?.style.setProperty('--share', `${100 * share}%`)}
      onClick={() => {
        onChoose(isChosen ? undefined : nodeId);
      }}
    >
      <NodeMark kind={kind} />
    </button>
  );
}

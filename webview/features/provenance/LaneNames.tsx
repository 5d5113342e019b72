import type { VNode } from 'preact';
import type { RunView } from '../../../src/model/runView.ts';
import type { StudioState } from '../../state/studioState.ts';
import { NodeMark } from './NodeMark.tsx';
import { kindOf, stateOf } from './nodeState.ts';

/** Lower ones have room for one line. */
const TWO_LINES = 36;

/** The nodes beside their lanes, in the same order as the cells of the header. A click shows one node's events only. */
export function LaneNames(props: {
  readonly state: StudioState;
  readonly view: RunView;
  readonly laneHeight: number;
  /** The view is changed in place: this tells that it was. */
  readonly frame: number;
}): VNode {
  const { state, view, laneHeight } = props;
  const { nodeFilter } = state;
  const isLow = laneHeight < TWO_LINES;
  return (
    <ul
      class={isLow ? 'lane-names one-line' : 'lane-names'}
      aria-label="Nodes"
      ref={(list) => list?.style.setProperty('--lane', `${laneHeight}px`)}
    >
      {view.nodes.map((node) => {
        const { nodeId } = node;
        const isChosen = nodeFilter.value === nodeId;
        return (
          <li key={nodeId}>
            <button
              type="button"
              aria-pressed={isChosen}
              title={`${nodeId}, ${stateOf(node)}`}
              onClick={() => (nodeFilter.value = isChosen ? undefined : nodeId)}
            >
              <NodeMark kind={kindOf(node)} />
              <strong>
                {nodeId} {nodeId === 'n0' && <span class="origin">origin</span>}
              </strong>
              <span class="lane-state">
                {isLow ? stateOf(node).replace('receive ', '') : stateOf(node)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

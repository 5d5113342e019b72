import type { VNode } from 'preact';
import {
  accessibleText,
  briefText,
  fittingText,
  type NodeProgress,
} from '../../run/nodeProgress.ts';
import type { CapsuleVersion } from '../../../src/model/upgradeReport.ts';
import type { StudioState } from '../../state/studioState.ts';
import type { VersionNames } from '../../draw/laneBars.ts';
import { NodeMark } from './NodeMark.tsx';
import { VersionKey, VersionMark } from './VersionMark.tsx';

/** Lower ones have room for one line. */
const TWO_LINES = 36;
/** Higher ones have room for the services that the plan places there. */
const THREE_LINES = 50;

/** The nodes beside their lanes, in the same order as the cells of the header. A click shows one node's events only. */
export function LaneNames(props: {
  readonly state: StudioState;
  readonly progress: readonly NodeProgress[];
  readonly laneHeight: number;
  /** There is room for a word or two only. */
  readonly isNarrow: boolean;
  /** Of both Capsules of an upgrade; undefined: there is only one. */
  readonly names: VersionNames | undefined;
}): VNode {
  const { state, progress, laneHeight, isNarrow, names } = props;
  const { nodeFilter } = state;
  const isLow = laneHeight < TWO_LINES;
  return (
    <div class="lane-side">
      {names !== undefined && <VersionKey names={names} isNarrow={isNarrow} />}
      <ul
        class={isLow ? 'lane-names one-line' : 'lane-names'}
        aria-label="Nodes"
        ref={(list) => list?.style.setProperty('--lane', `${laneHeight}px`)}
      >
        {progress.map((node) => {
          const { nodeId, kind, acting, runs, version, host } = node;
          const isChosen = nodeFilter.value === nodeId;
          return (
            <li key={nodeId}>
              <button
                type="button"
                aria-pressed={isChosen}
                title={accessibleText(node)}
                onClick={() => (nodeFilter.value = isChosen ? undefined : nodeId)}
              >
                <NodeMark kind={kind} />
                <strong>
                  {nodeId}{' '}
                  {nodeId === 'n0' && host === '' && !(isNarrow && version !== undefined) && (
                    <span class="origin">origin</span>
                  )}
                  {version !== undefined && <LaneVersion version={version} />}
                  {host !== '' && <span class="lane-host">· {host}</span>}
                </strong>
                <span class={acting === '' ? 'lane-state' : 'lane-state is-struck'}>
                  {shortened(node, isLow, isNarrow)}
                </span>
                {runs !== '' && laneHeight >= THREE_LINES && <span class="lane-runs">{runs}</span>}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Beside a name there is room for the mark; the key above the lanes has its word. */
function LaneVersion({ version }: { readonly version: CapsuleVersion }): VNode {
  return (
    <span class="lane-version">
      <VersionMark version={version} />
      <span class="visually-hidden">{version}</span>
    </span>
  );
}

function shortened(node: NodeProgress, isLow: boolean, isNarrow: boolean): string {
  if (isLow && isNarrow && node.count !== '') return node.count;
  return isLow || isNarrow ? briefText(node) : fittingText(node);
}

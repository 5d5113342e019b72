import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { arcDashes, type RingLayout } from '../../draw/ring.ts';
import {
  accessibleText,
  briefText,
  fittingText,
  type NodeKind,
  type NodeProgress,
} from '../../run/nodeProgress.ts';
import type { CapsuleVersion } from '../../../src/model/upgradeReport.ts';
import { MarkShape, type MarkName } from '../../ui/Mark.tsx';
import { VersionShape } from './VersionMark.tsx';

const MARKS: Record<NodeKind, MarkName> = {
  waiting: 'boot',
  boot: 'boot',
  verify: 'verify',
  receive: 'receive',
  start: 'start',
  healthy: 'pass',
  stop: 'stop',
  migrate: 'retry',
  down: 'cross',
  halted: 'fail',
  failed: 'fail',
  stopped: 'slash',
};
const BADGE_PX = 13;
const VERSION_PX = 11;
/** Below the state of a node: the host it lives on, and the services that the plan places there. */
const RUNS_BELOW_PX = 14;
const RUNS_LETTERS = 14;
/** On a small ring there is room for a phase. */
const BRIEF_LETTERS = 8;

/** A node on the ring: its arc is the progress of its phase. Pressed, the log shows only this node. */
export function RingNodeButton(props: {
  readonly layout: RingLayout;
  readonly index: number;
  readonly progress: NodeProgress;
  readonly filter: Signal<string | undefined>;
}): VNode | null {
  const { layout, index, progress, filter } = props;
  const { nodeId, kind, count, waitsFor, isBack, share, acting, runs, version, host, home } =
    progress;
  const isPressed = filter.value === nodeId;
  return useMemo(() => {
    const place = layout.nodes[index];
    if (place === undefined) return null;
    const toggle = (): void => {
      filter.value = isPressed ? undefined : nodeId;
    };
    const shown = labelOf(progress, layout);
    const { x, y, label } = place;
    const corner = layout.radius * 0.72;
    return (
      <>
        <g
          class={`ring-node is-${kind}`}
          role="button"
          tabindex={0}
          aria-pressed={isPressed}
          aria-label={accessibleText(progress)}
          onClick={toggle}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            if (!event.ctrlKey && !event.metaKey) toggle();
          }}
        >
          <circle class="track" cx={x} cy={y} r={layout.radius} />
          <circle
            class="arc"
            cx={x}
            cy={y}
            r={layout.radius}
            stroke-dasharray={arcDashes(layout.radius, share)}
            transform={`rotate(-90 ${x} ${y})`}
          />
          <text class="name" x={x} y={y + 4} text-anchor="middle">
            {nodeId}
          </text>
          <Badge mark={MARKS[kind]} x={x + corner} y={y - corner} />
          {acting !== '' && <Badge mark="warning" isFault x={x + corner} y={y + corner} />}
          {version !== undefined && (
            <VersionBadge version={version} x={x - corner} y={y + corner} />
          )}
        </g>
        <text
          class="ring-state"
          x={label.x}
          y={label.y}
          text-anchor={label.anchor}
          aria-hidden="true"
        >
          {shown}
        </text>
        {layout.hasFullLabels &&
          [host === '' ? '' : `on ${host}`, runs].filter(Boolean).map((line, at) => (
            <text
              key={at}
              class="ring-state ring-runs"
              x={label.x}
              y={label.y + RUNS_BELOW_PX * (at + 1)}
              text-anchor={label.anchor}
              aria-hidden="true"
            >
              {shortened(line)}
            </text>
          ))}
      </>
    );
  }, [
    layout,
    index,
    kind,
    count,
    waitsFor,
    isBack,
    share,
    acting,
    runs,
    version,
    host,
    home,
    isPressed,
  ]);
}

/** Above this many nodes the shape says the phase: a word is left for what is not healthy, and for what is not counted. */
const WORDS_UP_TO = 6;

function labelOf(progress: NodeProgress, layout: RingLayout): string {
  if (layout.hasFullLabels) return fittingText(progress);
  const { kind, count, host } = progress;
  if (kind === 'healthy' && host !== '') return shortened(host, BRIEF_LETTERS);
  if (layout.nodes.length <= WORDS_UP_TO) return briefText(progress);
  if (count !== '') return count;
  return kind === 'healthy' ? '' : briefText(progress);
}

/** As much of the names as there is room for beside a node. */
function shortened(names: string, letters = RUNS_LETTERS): string {
  return names.length > letters ? `${names.slice(0, letters - 1)}…` : names;
}

function Badge(props: {
  readonly mark: MarkName;
  readonly isFault?: boolean;
  readonly x: number;
  readonly y: number;
}): VNode {
  const { mark, isFault = false, x, y } = props;
  const corner = `${x - BADGE_PX / 2} ${y - BADGE_PX / 2}`;
  return (
    <g
      class={isFault ? 'badge-mark is-fault' : 'badge-mark'}
      transform={`translate(${corner}) scale(${BADGE_PX / 16})`}
    >
      <circle class="under" cx="8" cy="8" r="8" />
      <MarkShape name={mark} />
    </g>
  );
}

function VersionBadge(props: {
  readonly version: CapsuleVersion;
  readonly x: number;
  readonly y: number;
}): VNode {
  const { version, x, y } = props;
  const scale = VERSION_PX / 10;
  const corner = `${x - VERSION_PX / 2} ${y - VERSION_PX / 2}`;
  return (
    <g class={`version-mark is-${version}`} transform={`translate(${corner}) scale(${scale})`}>
      <rect class="under" x="-1" y="-1" width="12" height="12" rx="2" />
      <VersionShape />
    </g>
  );
}

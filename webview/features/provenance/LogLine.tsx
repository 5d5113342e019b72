import type { VNode } from 'preact';
import type { LogRow } from '../../../src/log/logRow.ts';
import { Mark } from '../../ui/Mark.tsx';
import { inRun } from './format.ts';

export const ROW_PX = 22;

/** One event: time, node, glyph, sentence. Pressed, the playhead goes there. */
export function LogLine(props: {
  readonly row: LogRow;
  readonly index: number;
  readonly isAtPlayhead: boolean;
  readonly isTabStop: boolean;
  readonly onSeek: (row: LogRow, index: number) => void;
}): VNode {
  const { row, index, isAtPlayhead, isTabStop, onSeek } = props;
  return (
    <button
      type="button"
      class={`log-row ${row.level}`}
      tabIndex={isTabStop ? 0 : -1}
      aria-current={isAtPlayhead ? 'time' : undefined}
      title={row.text}
      ref={(line) => line?.style.setProperty('top', `${index * ROW_PX}px`)}
      onClick={() => {
        onSeek(row, index);
      }}
    >
      <span class="quiet">{inRun(row.at)}</span>
      <span class="log-node">{row.nodeId}</span>
      <Mark name={row.glyph} tone={row.tone} />
      <span class="log-text">{row.text}</span>
    </button>
  );
}

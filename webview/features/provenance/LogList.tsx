import type { Signal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { rowAt } from '../../run/logFilter.ts';
import type { LogRow } from '../../../src/log/logRow.ts';
import { rowWindow, scrollToSee } from '../../ui/rowWindow.ts';
import { useSize } from '../../ui/useSize.ts';
import { LogLine, ROW_PX } from './LogLine.tsx';

/** Only the rows that are seen are elements; a roving tab stop walks over all of them. */
export function LogList(props: {
  /** Grows in place. */
  readonly rows: readonly LogRow[];
  /** How many there are now: what tells this component to draw again. */
  readonly count: number;
  readonly seekTo: Signal<number | undefined>;
}): VNode {
  const { rows, count, seekTo } = props;
  const list = useRef<HTMLDivElement>(null);
  const { height } = useSize(list);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<number | undefined>(undefined);
  /** A row that leaves the window takes the focus with it, so it is asked for again. */
  const wantsFocus = useRef(false);
  const playhead = usePlayhead(rows, seekTo.value);
  useFollowing(list, count, playhead);
  const { first, end } = rowWindow({ rows: count, rowHeight: ROW_PX, top, height });
  const isActiveDrawn = active !== undefined && active >= first && active < end;
  const firstSeen = Math.min(count - 1, Math.ceil(top / ROW_PX));
  const tabStop = isActiveDrawn
    ? active
    : playhead >= first && playhead < end
      ? playhead
      : firstSeen;

  const seek = (row: LogRow, index: number): void => {
    setActive(index);
    seekTo.value = row.at;
  };
  const walk = (event: KeyboardEvent): void => {
    const next = nextRow(event.key, tabStop, count, Math.floor(height / ROW_PX));
    const { current } = list;
    if (next === undefined || current === null) return;
    event.preventDefault();
    // Drawn before it can have the focus.
    current.scrollTop = scrollToSee(next, { rowHeight: ROW_PX, top: current.scrollTop, height });
    setTop(current.scrollTop);
    setActive(next);
    wantsFocus.current = true;
  };
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });

  const lines = useMemo(
    () =>
      rows
        .slice(first, end)
        .map((row, offset) => (
          <LogLine
            key={row.number}
            row={row}
            index={first + offset}
            isAtPlayhead={first + offset === playhead}
            isTabStop={first + offset === tabStop}
            onSeek={seek}
          />
        )),
    [rows, first, end, playhead, tabStop],
  );
  return (
    <div
      class="log-rows"
      ref={list}
      role="log"
      aria-live="off"
      aria-label="Events"
      onKeyDown={walk}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop);
      }}
    >
      <div
        class="log-space"
        ref={(space) => space?.style.setProperty('height', `${count * ROW_PX}px`)}
      >
        {lines}
      </div>
    </div>
  );
}

/** The row at the instant that was sought, -1 while the run is followed. */
function usePlayhead(rows: readonly LogRow[], t: number | undefined): number {
  return t === undefined ? -1 : rowAt(rows, t);
}

/** Shows the newest row unless the person scrolled away from it; a sought instant brings its row into view. */
function useFollowing(
  list: { readonly current: HTMLDivElement | null },
  rows: number,
  playhead: number,
): void {
  const lastRows = useRef(0);
  const lastPlayhead = useRef(-1);
  useLayoutEffect(() => {
    const { current } = list;
    if (current === null) return;
    const endOfLast = lastRows.current * ROW_PX;
    const wasAtEnd = current.scrollTop + current.clientHeight > endOfLast - ROW_PX;
    const isBackAtLive = lastPlayhead.current >= 0;
    lastRows.current = rows;
    lastPlayhead.current = playhead;
    if (playhead < 0 && (wasAtEnd || isBackAtLive)) current.scrollTop = current.scrollHeight;
  }, [rows, playhead]);
  useLayoutEffect(() => {
    const { current } = list;
    if (current === null || playhead < 0) return;
    const { scrollTop: top, clientHeight: height } = current;
    current.scrollTop = scrollToSee(playhead, { rowHeight: ROW_PX, top, height });
  }, [playhead]);
}

/** Where a key of a list leads to; undefined for any other key. */
function nextRow(key: string, row: number, rows: number, page: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: rows - 1,
  };
  const next = steps[key];
  return next === undefined || rows === 0 ? undefined : Math.min(rows - 1, Math.max(0, next));
}

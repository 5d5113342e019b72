import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { LogRow } from '../../run/logRow.ts';
import type { StudioState } from '../../state/studioState.ts';
import { TextField } from '../../ui/TextField.tsx';
import { inRun } from './format.ts';

type Level = 'Key' | 'All' | 'Problems';
const LEVELS: readonly Level[] = ['Key', 'All', 'Problems'];
const ROW = 22;
/** Rows kept above and below the visible ones. */
const MARGIN = 10;

/** All words must match; `Key` hides details, `Problems` shows only what went wrong. */
export function filterLog(
  rows: readonly LogRow[],
  filter: { readonly level: Level; readonly words: string; readonly nodeId: string | undefined },
): LogRow[] {
  const words = filter.words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter((row) => {
    if (filter.level === 'Problems' && row.level !== 'problem') return false;
    if (filter.level === 'Key' && row.level === 'detail') return false;
    if (filter.nodeId !== undefined && row.nodeId !== filter.nodeId) return false;
    const text = `${row.nodeId} ${row.text}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function EventLog({ state }: { readonly state: StudioState }): VNode {
  const level = useSignal<Level>('Key');
  const words = useSignal('');
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const isFollowing = useRef(true);
  const frame = state.frame.value;
  const all = state.run?.log ?? [];
  const rows = filterLog(all, {
    level: level.value,
    words: words.value,
    nodeId: state.nodeFilter.value,
  });
  useEffect(() => {
    if (isFollowing.current && list.current !== null)
      list.current.scrollTop = list.current.scrollHeight;
  }, [rows.length]);
  const height = list.current?.clientHeight ?? 300;
  const first = Math.max(0, Math.floor(top / ROW) - MARGIN);
  const shown = rows.slice(first, Math.ceil((top + height) / ROW) + MARGIN);
  return (
    <section class="log" aria-label="Events" data-frame={frame}>
      <h2>
        Events{' '}
        <span class="quiet">
          {rows.length} of {all.length}
        </span>
        <span class="segmented" role="group" aria-label="Which events">
          {LEVELS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === level.value}
              onClick={() => (level.value = one)}
            >
              {one}
            </button>
          ))}
        </span>
      </h2>
      <TextField
        label="Filter events"
        placeholder="Filter, e.g. n3 lost"
        value={words.value}
        onInput={(text) => (words.value = text)}
      />
      <div
        class="log-rows"
        ref={list}
        role="log"
        aria-live="off"
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          setTop(currentTarget.scrollTop);
          const below =
            currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight;
          isFollowing.current = below < ROW;
        }}
      >
        <div
          class="log-space"
          ref={(space) => space?.style.setProperty('height', `${rows.length * ROW}px`)}
        >
          {shown.map((row, index) => (
            <button
              key={`${row.seq}`}
              type="button"
              class={`log-row ${row.level}`}
              ref={(line) => line?.style.setProperty('top', `${(first + index) * ROW}px`)}
              onClick={() => (state.seekTo.value = row.at)}
            >
              <span class="quiet">{inRun(row.at)}</span>
              <span>{row.nodeId}</span>
              <span class="log-text">{row.text}</span>
            </button>
          ))}
        </div>
      </div>
    </section>
  );
}

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { LogFilter, type ShownLevel } from '../../run/logFilter.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { isTyping, useKeys } from '../../ui/useKeys.ts';
import { LogList } from './LogList.tsx';

const LEVELS: readonly ShownLevel[] = ['Key', 'All', 'Problems'];

/** What happened, line by line; the text twin of everything that is drawn. */
export function EventLog({ state }: { readonly state: StudioState }): VNode {
  const level = useSignal<ShownLevel>('Key');
  const words = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  const filter = useRef(new LogFilter());
  const frame = state.frame.value;
  const { run } = state;
  const all = run?.log ?? NONE;
  const nodeId = state.nodeFilter.value;
  const criteria = { level: level.value, words: words.value.trim(), nodeId };
  const rows = filter.current.rows(all, criteria);
  useKeys((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (isTyping(event)) words.value = '';
      else state.nodeFilter.value = undefined;
    } else if (event.key === 'f' && !isTyping(event)) {
      event.preventDefault();
      field.current?.focus();
    }
  });
  return (
    <section class="log" aria-label="Events" data-frame={frame}>
      <h2>
        Events{' '}
        <span class="quiet">
          {rows.length} of {all.length}
        </span>
        <Segmented
          label="Which events"
          choices={LEVELS}
          value={level.value}
          onChange={(choice) => (level.value = choice)}
        />
      </h2>
      <div class="log-filter">
        <TextField
          label="Filter events"
          placeholder="Filter, e.g. n3 lost"
          value={words.value}
          field={field}
          onInput={(text) => (words.value = text)}
        >
          <Mark name="filter" />
        </TextField>
        {nodeId !== undefined && (
          <button
            type="button"
            class="chip"
            aria-label={`Show all nodes, not only ${nodeId}`}
            title="Show all nodes (Esc)"
            onClick={() => (state.nodeFilter.value = undefined)}
          >
            {nodeId} <Mark name="close" />
          </button>
        )}
      </div>
      <LogList
        // Another run, or another question: the list starts at its end again.
        key={`${run?.simId ?? ''} ${criteria.level} ${criteria.words} ${nodeId ?? ''}`}
        rows={rows}
        count={rows.length}
        seekTo={state.seekTo}
      />
      <p class="log-hint quiet">
        {run === undefined
          ? 'Events of the selected run appear here.'
          : 'Click an event to move the playhead. F filters.'}
      </p>
    </section>
  );
}

const NONE: readonly never[] = [];

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { askedBy, NOTHING_ASKED } from '../../run/askedLog.ts';
import { LogFilter, rowBeside, type ShownLevel } from '../../run/logFilter.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { isTyping, useKeys } from '../../ui/useKeys.ts';
import { LogList } from './LogList.tsx';
import { LogQuery } from './LogQuery.tsx';

const LEVELS: readonly ShownLevel[] = ['Key', 'All', 'Problems'];

/** What happened, line by line; the text twin of everything that is drawn. */
export function EventLog({ state }: { readonly state: StudioState }): VNode {
  const level = useSignal<ShownLevel>('Key');
  const text = useSignal('');
  const asked = useSignal(NOTHING_ASKED);
  const field = useRef<HTMLInputElement>(null);
  const filter = useRef(new LogFilter());
  const frame = state.frame.value;
  const { run } = state;
  const all = run?.log ?? NONE;
  const nodeId = state.nodeFilter.value;
  const { query, problem } = asked.value;
  const criteria = { level: level.value, query, nodeId };
  const rows = filter.current.rows(all, criteria);
  const ask = (written: string): void => {
    text.value = written;
    asked.value = askedBy(written, asked.value);
  };
  const step = (isBack: boolean): void => {
    const row = rowBeside(rows, state.seekTo.value, isBack);
    if (row !== undefined) state.seekTo.value = row.at;
  };
  useKeys((event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (isTyping(event)) ask('');
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
        <LogQuery text={text.value} problem={problem} field={field} onText={ask} onStep={step} />
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
        key={`${run?.simId ?? ''} ${criteria.level} ${asked.value.text} ${nodeId ?? ''}`}
        rows={rows}
        count={rows.length}
        seekTo={state.seekTo}
      />
      <p class="log-hint quiet">
        {run === undefined
          ? 'Events of the selected run appear here.'
          : 'Click an event to move the playhead. F filters, Enter goes to the next.'}
      </p>
    </section>
  );
}

const NONE: readonly never[] = [];

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { groupRuns, isShown } from '../../state/timeline.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { moveFocus } from '../../ui/moveFocus.ts';
import { ChainHeader } from './ChainHeader.tsx';
import { PackButton } from './EmptyRun.tsx';
import { TimelineFilter } from './TimelineFilter.tsx';
import { TimelineRow } from './TimelineRow.tsx';

/** Every provenance run, newest first, and whether the chain they form holds. */
export function ProvenanceTimeline({ state }: { readonly state: StudioState }): VNode {
  const page = state.page.value;
  const isFiltering = useSignal(false);
  const focused = useSignal<string | undefined>(undefined);
  const all = page?.runs ?? [];
  const runs = all.filter((run) => isShown(run, state.filter.value));
  const selected = state.selectedRun.value?.runId;
  const stop = [focused.value, selected].find((id) => runs.some(({ runId }) => runId === id));
  const tabStop = stop ?? runs[0]?.runId;
  const hidden = all.length - runs.length;
  return (
    <section class="provenance" aria-label="Provenance">
      <h2 class="section-head">
        Provenance
        <span class="head-actions">
          <IconButton
            mark="filter"
            label="Filter entries"
            isPressed={isFiltering.value || hidden > 0}
            onPress={() => (isFiltering.value = !isFiltering.value)}
          />
          <IconButton
            mark="refresh"
            label="Verify the chain again"
            onPress={() => void state.refresh()}
          />
        </span>
      </h2>
      {page !== undefined && <ChainHeader integrity={page.integrity} />}
      {(isFiltering.value || hidden > 0) && <TimelineFilter state={state} hidden={hidden} />}
      {page?.runs.length === 0 && page.integrity.status === 'empty' && (
        <div class="nothing">
          <p>Pack a workspace to start the chain.</p>
          <PackButton state={state} />
        </div>
      )}
      {/* One stop for the Tab key, arrows from row to row: rows hold buttons, so this is a list and not a listbox. */}
      <div
        class="entries"
        onKeyDown={(event) => {
          moveFocus(event, '.row-open', '.row');
        }}
      >
        {groupRuns(runs, new Date()).map(({ label, runs: ofGroup }) => (
          <div key={label}>
            <h3>{label}</h3>
            <ul class="rail" aria-label={`Entries, ${label}`}>
              {ofGroup.map((run) => (
                <TimelineRow
                  key={run.runId}
                  run={run}
                  state={state}
                  isTabStop={run.runId === tabStop}
                  isBreak={run.index === page?.integrity.brokenAt}
                  onFocus={() => (focused.value = run.runId)}
                />
              ))}
            </ul>
          </div>
        ))}
        {page?.next !== undefined && (
          <button type="button" class="link older" onClick={() => void state.loadOlder()}>
            Older entries
          </button>
        )}
      </div>
    </section>
  );
}

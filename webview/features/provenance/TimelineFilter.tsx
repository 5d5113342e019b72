import type { VNode } from 'preact';
import { KINDS, NO_FILTER, OUTCOMES } from '../../state/place.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';

const KIND_WORDS = { all: 'Every kind', pack: 'Packs', simulation: 'Runs', deploy: 'Deploys' };
const OUTCOME_WORDS = { all: 'Any outcome', passed: 'Passed', failed: 'Failed' };

/** Narrows the timeline; says how much it hides. */
export function TimelineFilter(props: {
  readonly state: StudioState;
  readonly hidden: number;
}): VNode {
  const { filter } = props.state;
  const { words, kind, outcome } = filter.value;
  return (
    <div class="timeline-filter" role="search" aria-label="Filter entries">
      <input
        type="search"
        aria-label="Words that an entry must have"
        placeholder="Words, hash, signer"
        value={words}
        onInput={({ currentTarget }) => {
          filter.value = { ...filter.value, words: currentTarget.value };
        }}
      />
      <Dropdown
        label="Kind"
        value={kind}
        options={KINDS.map((one) => ({ value: one, label: KIND_WORDS[one] }))}
        onChange={(chosen) => (filter.value = { ...filter.value, kind: chosen })}
      />
      <Dropdown
        label="Outcome"
        value={outcome}
        options={OUTCOMES.map((one) => ({ value: one, label: OUTCOME_WORDS[one] }))}
        onChange={(chosen) => (filter.value = { ...filter.value, outcome: chosen })}
      />
      {props.hidden > 0 && (
        <p class="quiet" role="status">
          {props.hidden} hidden{' '}
          <button type="button" class="link" onClick={() => (filter.value = NO_FILTER)}>
            Show all
          </button>
        </p>
      )}
    </div>
  );
}

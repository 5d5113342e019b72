import type { VNode } from 'preact';
import { KINDS, NO_FILTER, OUTCOMES } from '../../state/place.ts';
import type { StudioState } from '../../state/studioState.ts';

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
      <Choice
        label="Kind"
        value={kind}
        values={KINDS}
        words={KIND_WORDS}
        onChoose={(chosen) => (filter.value = { ...filter.value, kind: chosen })}
      />
      <Choice
        label="Outcome"
        value={outcome}
        values={OUTCOMES}
        words={OUTCOME_WORDS}
        onChoose={(chosen) => (filter.value = { ...filter.value, outcome: chosen })}
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

function Choice<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly onChoose: (value: T) => void;
}): VNode {
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={({ currentTarget }) => {
        props.onChoose(currentTarget.value as T);
      }}
    >
      {props.values.map((value) => (
        <option key={value} value={value}>
          {props.words[value]}
        </option>
      ))}
    </select>
  );
}

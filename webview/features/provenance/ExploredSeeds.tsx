import { useSignal } from '@preact/signals';
import { Fragment, type VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CheckedExploration, ExploredSeed } from '../../../src/model/explorationApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { moveFocus } from '../../ui/moveFocus.ts';
import { countText, shrinkingText, wentBackText } from './exploredText.ts';

/** The exploration to which the selected run belongs: a row for each seed, as its evidence says. Nothing for other runs. */
export function ExploredSeeds({ state }: { readonly state: StudioState }): VNode | null {
  const found = state.explored.placeOf(state.simId.value);
  // Asked for anew when a run was added, and not each time the workspace changes: every row is verified.
  const written = found && JSON.stringify(found.exploration);
  useEffect(() => {
    if (found !== undefined) void state.explored.check(found.exploration.id);
  }, [written]);
  if (found === undefined) return null;
  const { checked, problem } = state.explored;
  const shown = checked.value?.id === found.exploration.id ? checked.value : undefined;
  return (
    <section class="explored" aria-label="Explored seeds">
      <h3 class="section-head">
        Explored seeds <span class="quiet">{shown === undefined ? '' : countText(shown)}</span>
      </h3>
      {problem.value !== '' && <p class="explored-ends">{problem.value}</p>}
      {shown !== undefined && <Seeds state={state} checked={shown} />}
      {shown !== undefined && <Ends checked={shown} />}
    </section>
  );
}

function Seeds(props: {
  readonly state: StudioState;
  readonly checked: CheckedExploration;
}): VNode {
  const { state, checked } = props;
  const isUpgrade = checked.from !== undefined;
  const focused = useSignal<string | undefined>(undefined);
  const stop = focused.value ?? state.simId.value;
  const head = ['Outcome', ...(isUpgrade ? ['Order of nodes', 'Went back'] : []), 'Faults'];
  return (
    <table
      aria-label="Runs of the exploration"
      onKeyDown={(event) => {
        moveFocus(event, '.explored-open', 'tr');
      }}
    >
      <thead>
        <tr>
          <th scope="col">Seed</th>
          {head.map((name) => (
            <th key={name} scope="col" class="text">
              {name}
            </th>
          ))}
          <th scope="col">Run</th>
        </tr>
      </thead>
      <tbody>
        {checked.seeds.map((one) => (
          <Fragment key={one.simId}>
            <Seed
              {...{ state, one, isUpgrade }}
              isTabStop={one.simId === stop}
              onFocus={() => (focused.value = one.simId)}
            />
            {one.problem !== undefined && (
              <tr class="explored-problem">
                <td colSpan={head.length + 2} class="text">
                  <Mark name="warning" tone="warn" /> Seed {one.seed}: {one.problem}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Seed(props: {
  readonly state: StudioState;
  readonly one: ExploredSeed;
  readonly isUpgrade: boolean;
  readonly isTabStop: boolean;
  readonly onFocus: () => void;
}): VNode {
  const { state, one, isUpgrade, isTabStop, onFocus } = props;
  const { seed, simId, facts } = one;
  const isShown = simId === state.simId.value;
  return (
    <tr aria-current={isShown ? 'true' : undefined}>
      <th scope="row">{seed}</th>
      <td class="text wraps">
        <Outcome facts={facts} />
      </td>
      {isUpgrade && (
        <>
          <td class="text wraps">{facts?.order ?? '–'}</td>
          <td class="text">{facts === undefined ? '–' : wentBackText(facts)}</td>
        </>
      )}
      <td class="text wraps">{faultsText(facts)}</td>
      <td>
        <button
          type="button"
          class="link explored-open"
          aria-label={`${isShown ? 'Shown: run' : 'Open run'} ${simId.slice(0, 8)} of seed ${seed}`}
          tabIndex={isTabStop ? 0 : -1}
          onFocus={onFocus}
          onClick={() => {
            state.openRun(simId, 'evidence');
          }}
        >
          <code>{simId.slice(0, 8)}</code>
        </button>
      </td>
    </tr>
  );
}

function Outcome({ facts }: Pick<ExploredSeed, 'facts'>): VNode {
  if (facts === undefined) {
    return (
      <span class="outcome-word">
        <Mark name="pending" /> unproven
      </span>
    );
  }
  const { outcome, invariant } = facts;
  return (
    <>
      <span class={`outcome-word ${outcome === 'pass' ? 'ok' : 'err'}`}>
        <Mark name={outcome} /> {outcome.toUpperCase()}
      </span>
      {invariant !== undefined && <span class="quiet"> by {invariant}</span>}
    </>
  );
}

function faultsText(facts: ExploredSeed['facts']): string {
  if (facts === undefined) return '–';
  return facts.faults.length === 0 ? 'none' : facts.faults.join(', ');
}

/** What became of the run that failed, and where these words come from. */
function Ends({ checked }: { readonly checked: CheckedExploration }): VNode {
  const { shrinking, endedAt } = checked;
  return (
    <div class="explored-ends quiet">
      {shrinking !== undefined && (
        <p>
          Shrinking took {shrinkingText(shrinking)}.
          {shrinking.plan !== undefined && (
            <>
              {' '}
              Plan saved as <code>{shrinking.plan}</code>.
            </>
          )}
        </p>
      )}
      {endedAt === undefined && <p>No end is recorded: it goes on, or was interrupted.</p>}
      <p>
        Rows say what the sealed evidence of each run says. Which runs belong together, and what
        became of shrinking, is from a record that is not signed.
      </p>
    </div>
  );
}

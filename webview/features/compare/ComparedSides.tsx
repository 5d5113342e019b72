import type { VNode } from 'preact';
import { isNotCompared } from '../../../src/model/comparedWords.ts';
import type { ComparedSide, RunComparison } from '../../../src/model/runComparison.ts';
import type { StudioState } from '../../state/studioState.ts';
import { isSealed } from '../../state/timeline.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { labelOf } from '../provenance/ChainStrip.tsx';
import { clockTime, dayOf, hash12, seconds } from '../provenance/format.ts';

/** Which two runs, and what each is: outcome, Capsule, and whether its evidence and its events hold. */
export function ComparedSides(props: {
  readonly state: StudioState;
  readonly comparison: RunComparison | undefined;
}): VNode {
  const { state, comparison } = props;
  const { compare } = state;
  const [a, b] = [compare.a.value, compare.b.value];
  return (
    <div class="compare-sides">
      <Side
        {...{ state, comparison }}
        name="a"
        simId={a}
        onChoose={(simId) => {
          compare.choose(simId, b);
        }}
      />
      <IconButton
        mark="retry"
        label="Swap A and B"
        isDisabled={a === undefined && b === undefined}
        onPress={() => {
          compare.swap();
        }}
      />
      <Side
        {...{ state, comparison }}
        name="b"
        simId={b}
        onChoose={(simId) => {
          compare.choose(a, simId);
        }}
      />
    </div>
  );
}

function Side(props: {
  readonly state: StudioState;
  readonly comparison: RunComparison | undefined;
  readonly name: 'a' | 'b';
  readonly simId: string | undefined;
  readonly onChoose: (simId: string) => void;
}): VNode {
  const { state, comparison, name, simId, onChoose } = props;
  const side = comparison?.[name];
  const cause =
    comparison === undefined || isNotCompared(comparison.judgement)
      ? undefined
      : comparison.judgement.cause[name];
  return (
    <section class="compare-side" aria-label={`Run ${name.toUpperCase()}`}>
      <div class="compare-choice">
        <strong aria-hidden="true">{name.toUpperCase()}</strong>
        <Dropdown
          label={`Run ${name.toUpperCase()}`}
          value={simId ?? ''}
          options={optionsOf(state, simId)}
          onChange={onChoose}
        />
      </div>
      {side !== undefined && <Facts side={side} cause={cause} />}
    </section>
  );
}

/** Sealed runs that are loaded, newest first, and the one that is chosen wherever it is. */
function optionsOf(state: StudioState, simId: string | undefined) {
  const runs = (state.page.value?.runs ?? []).filter((run) => isSealed(run));
  const options = runs.map((run) => ({ value: run.simId ?? '', label: labelOf(run) }));
  if (simId === undefined) return [{ value: '', label: 'choose a run' }, ...options];
  const isLoaded = options.some(({ value }) => value === simId);
  return isLoaded ? options : [{ value: simId, label: simId.slice(0, 8) }, ...options];
}

function Facts(props: { readonly side: ComparedSide; readonly cause: string | undefined }): VNode {
  const { side, cause } = props;
  const { run, verdict, sentence, events } = side;
  const isVerified = verdict === 'verified';
  return (
    <>
      {run !== undefined && (
        <p class="compare-outcome">
          <span class={`outcome-word ${run.outcome === 'pass' ? 'ok' : 'err'}`}>
            <Mark name={run.outcome} /> {run.outcome.toUpperCase()}
          </span>
          <span class="quiet" title={run.startedAt}>
            {dayOf(run.startedAt)} {clockTime(run.startedAt)},{' '}
            {seconds(Date.parse(run.endedAt) - Date.parse(run.startedAt))}
          </span>
        </p>
      )}
      {cause !== undefined && <p class="err">{cause}</p>}
      {run !== undefined && (
        <p class="quiet">
          {run.product} <code title={`Capsule ${run.capsuleHash}`}>{hash12(run.capsuleHash)}</code>,
          seed {run.seed}
        </p>
      )}
      <p class={isVerified ? 'ok' : 'err'} title={sentence}>
        <Mark name={isVerified ? 'seal' : 'fail'} />{' '}
        {isVerified ? 'Evidence verified' : `Evidence ${verdict}`}
      </p>
      {isVerified && (
        <p class={events.isSigned ? 'ok' : 'warn'} title={events.sentence}>
          <Mark name={events.isSigned ? 'pass' : 'slash'} />{' '}
          {events.isSigned ? 'Events are those signed' : 'Events are not compared'}
        </p>
      )}
    </>
  );
}

import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { isNotCompared } from '../../../src/model/comparedWords.ts';
import type { NotCompared, RunComparison } from '../../../src/model/runComparison.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { ComparedInvariants } from './ComparedInvariants.tsx';
import { ComparedLatency } from './ComparedLatency.tsx';
import { ComparedObjectives } from './ComparedObjectives.tsx';
import { ComparedPhases } from './ComparedPhases.tsx';
import { ComparedSides } from './ComparedSides.tsx';
import { PartedEvents } from './PartedEvents.tsx';
import { WhatChanged } from './WhatChanged.tsx';

/** Two sealed runs side by side, B held against A; all of it as the server verified it. */
export function CompareView({ state }: { readonly state: StudioState }): VNode {
  const { a, b, comparison, problem } = state.compare;
  useEffect(() => void state.compare.load(), [a.value, b.value]);
  const shown = comparison.value;
  return (
    <div class="evidence compare">
      <h2 class="visually-hidden">Two runs side by side</h2>
      <ComparedSides state={state} comparison={shown} />
      <p class="visually-hidden" role="status">
        {shown === undefined ? '' : statusOf(shown)}
      </p>
      {problem.value !== '' && (
        <p class="compare-problem err" role="alert">
          {problem.value}
        </p>
      )}
      {(a.value === undefined || b.value === undefined) && (
        <p class="compare-problem quiet">
          Choose two sealed runs: B is held against A. A row of the timeline has “Compare with…”.
        </p>
      )}
      {shown !== undefined && <Parts comparison={shown} />}
    </div>
  );
}

function Parts({ comparison }: { readonly comparison: RunComparison }): VNode {
  const { plan, capsule, machine, judgement, phases, latency, events } = comparison;
  // Where one side is not verified, one sentence stands for all parts.
  if ([comparison.a, comparison.b].some(({ run }) => run === undefined)) {
    return (
      <section class="compare-part" aria-label="Not compared">
        <Why part={plan as NotCompared} />
      </section>
    );
  }
  return (
    <>
      <section class="parted" aria-label="Events">
        <h3 class="section-head">Where they part</h3>
        {isNotCompared(events) ? <Why part={events} /> : <PartedEvents difference={events} />}
      </section>
      <section class="changed" aria-label="What changed">
        <h3 class="section-head">What changed</h3>
        <WhatChanged {...{ plan, capsule, machine }} />
      </section>
      {!isNotCompared(judgement) && (
        <>
          <ComparedObjectives objectives={judgement.objectives} />
          <ComparedInvariants invariants={judgement.invariants} />
        </>
      )}
      <div class="compare-duo">
        {!isNotCompared(phases) && <ComparedPhases phases={phases.phases} />}
        {!isNotCompared(latency) && <ComparedLatency latency={latency} />}
      </div>
    </>
  );
}

/** Instead of a part that is not compared. */
function Why({ part }: { readonly part: NotCompared }): VNode {
  return (
    <p class="compare-why">
      <Mark name="slash" tone="warn" /> Not compared. {part.notCompared}
    </p>
  );
}

/** For who does not see the page, once it is there. */
function statusOf({ a, b, events }: RunComparison): string {
  if (a.run === undefined || b.run === undefined) return 'Not compared.';
  const outcomes = `A ${a.run.outcome}, B ${b.run.outcome}.`;
  if (isNotCompared(events)) return `Compared: ${outcomes}`;
  const [first] = events.parted;
  return `Compared: ${outcomes} ${first === undefined ? 'They never part.' : `They part first at ${first.about}.`}`;
}

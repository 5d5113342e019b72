import type { VNode } from 'preact';
import { observedOf, type Observed, type StatedInvariant } from '../../../src/model/invariants.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';

/** Broken ones come first, then those nobody could look at. */
const RANK: Record<Observed, number> = { violated: 0, 'not-observed': 1, held: 2 };

const MARKS: Record<Observed, { readonly name: MarkName; readonly tone: string }> = {
  held: { name: 'pass', tone: 'ok' },
  violated: { name: 'fail', tone: 'err' },
  'not-observed': { name: 'slash', tone: 'warn' },
};

/** What must be true of any rollout, and what was observed of it. */
export function Invariants({
  invariants,
}: {
  readonly invariants: readonly StatedInvariant[];
}): VNode {
  const rows = invariants
    .map((invariant) => ({ ...invariant, observed: observedOf(invariant) }))
    .sort((left, right) => RANK[left.observed] - RANK[right.observed]);
  const count = (observed: Observed) => rows.filter((row) => row.observed === observed).length;
  const unobserved = count('not-observed');
  return (
    <section class="invariants" aria-label="Invariants">
      <h3 class="section-head">
        Invariants{' '}
        <span class="quiet">
          {count('held')} of {rows.length} hold
          {unobserved > 0 ? `, ${unobserved} not observed` : ''}
        </span>
      </h3>
      <ul>
        {rows.map(({ name, observed, details }) => (
          <li key={name}>
            <Mark {...MARKS[observed]} />
            <span class="invariant-name">{name.replaceAll('-', ' ')}</span>
            <span class="quiet">
              {observed === 'not-observed' ? `Not observed: ${details}` : details}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

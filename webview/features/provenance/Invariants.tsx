import type { VNode } from 'preact';
import type { Invariant } from '../../../src/model/evidence.ts';
import { Mark } from '../../ui/Mark.tsx';

/** What must be true of any rollout. Broken ones come first. */
export function Invariants({ invariants }: { readonly invariants: readonly Invariant[] }): VNode {
  const held = invariants.filter(({ passed }) => passed).length;
  const rows = [...invariants].sort((left, right) => Number(left.passed) - Number(right.passed));
  return (
    <section class="invariants" aria-label="Invariants">
      <h3 class="section-head">
        Invariants{' '}
        <span class="quiet">
          {held} of {invariants.length} hold
        </span>
      </h3>
      <ul>
        {rows.map(({ name, passed, details }) => (
          <li key={name}>
            <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />
            <span class="invariant-name">{name.replaceAll('-', ' ')}</span>
            <span class="quiet">{details}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

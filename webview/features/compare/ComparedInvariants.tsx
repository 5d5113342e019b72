import type { VNode } from 'preact';
import type { Observed } from '../../../src/model/invariants.ts';
import type { Judgement } from '../../../src/model/runComparison.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';

type Side = Judgement['invariants'][number]['a'];

const MARKS: Record<Observed, { readonly name: MarkName; readonly tone: string }> = {
  held: { name: 'pass', tone: 'ok' },
  violated: { name: 'fail', tone: 'err' },
  'not-observed': { name: 'slash', tone: 'warn' },
};

/** What was observed of each invariant in both runs; its sentences where that differs. */
export function ComparedInvariants(props: { readonly invariants: Judgement['invariants'] }): VNode {
  return (
    <section class="compared-invariants" aria-label="Invariants">
      <h3 class="section-head">Invariants</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Invariant</th>
            <th scope="col" class="text">
              A
            </th>
            <th scope="col" class="text">
              B
            </th>
          </tr>
        </thead>
        <tbody>
          {props.invariants.map(({ name, a, b }) => {
            const differs = a?.observed !== b?.observed;
            return (
              <tr key={name}>
                <th scope="row" class="invariant-name">
                  {name.replaceAll('-', ' ')}
                </th>
                <td class="text">
                  <Observation side={a} isTold={differs} />
                </td>
                <td class="text">
                  <Observation side={b} isTold={differs} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Observation({ side, isTold }: { readonly side: Side; readonly isTold: boolean }): VNode {
  if (side === undefined) return <>–</>;
  const { observed, details } = side;
  return (
    <>
      <Mark {...MARKS[observed]} /> <span title={details}>{observed.replace('-', ' ')}</span>
      {isTold && <div class="quiet">{details}</div>}
    </>
  );
}

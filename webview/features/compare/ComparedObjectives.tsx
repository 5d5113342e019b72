import type { VNode } from 'preact';
import { metricAmount } from '../../../src/model/metricAmount.ts';
import type { Judgement } from '../../../src/model/runComparison.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Verdict, VerdictReasons } from './Verdict.tsx';

type Objective = Judgement['objectives'][number];

/** What services promised, as each run measured it, and what the test of all measurements says. */
export function ComparedObjectives(props: { readonly objectives: readonly Objective[] }): VNode {
  const { objectives } = props;
  return (
    <section class="compared-objectives" aria-label="Objectives">
      <h3 class="section-head">
        Objectives {objectives.length === 0 && <span class="quiet">neither run measured one</span>}
      </h3>
      {objectives.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Indicator</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
              <th scope="col">B is</th>
            </tr>
          </thead>
          <tbody>
            {objectives.map(({ name, a, b, comparison }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <Value side={a} />
                </td>
                <td>
                  <Value side={b} />
                </td>
                <td>
                  <Verdict comparison={comparison} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <VerdictReasons comparisons={objectives.map(({ comparison }) => comparison)} />
    </section>
  );
}

function Value({ side }: { readonly side: Objective['a'] }): VNode {
  if (side === undefined) return <>–</>;
  const { metric, value, passed } = side;
  return (
    <>
      {metricAmount(metric, value)}{' '}
      <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />
      <span class="visually-hidden">{passed ? 'met' : 'missed'}</span>
    </>
  );
}

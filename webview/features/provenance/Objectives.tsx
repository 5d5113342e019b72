import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { Indicator } from '../../../src/model/evidence.ts';
import { budgetUsed, budgetWidth, changeOf } from '../../draw/budget.ts';
import { Mark } from '../../ui/Mark.tsx';
import { measure, percent } from './format.ts';

interface ObjectivesProps {
  readonly indicators: readonly Indicator[];
  readonly baseline: Evidence['baseline'];
}

/** How well the run performed, objective by objective, on one scale: the share of the budget used. Missed ones come first. */
export function Objectives({ indicators, baseline }: ObjectivesProps): VNode {
  const met = indicators.filter(({ passed }) => passed).length;
  const rows = [...indicators].sort((left, right) => Number(left.passed) - Number(right.passed));
  return (
    <section class="objectives" aria-label="Objectives">
      <h3 class="section-head">
        Objectives{' '}
        <span class="quiet">
          {rows.length === 0
            ? 'none was stated for this run'
            : `${met} of ${indicators.length} met`}
        </span>
      </h3>
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Indicator</th>
              <th scope="col">Measured</th>
              <th scope="col" class="objective">
                Objective
              </th>
              <th scope="col" class="budget-head">
                Budget used{baseline !== undefined && <span> (circle = baseline)</span>}
              </th>
              <th scope="col" class="baseline">
                {baseline === undefined ? 'Baseline' : `Baseline ${baseline.simId.slice(0, 8)}`}
              </th>
              <th scope="col">Change</th>
              <th scope="col">
                <span class="visually-hidden">Met</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((indicator) => (
              <Row
                key={indicator.name}
                indicator={indicator}
                before={baseline?.indicators.find(({ name }) => name === indicator.name)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row(props: {
  readonly indicator: Indicator;
  readonly before: Indicator | undefined;
}): VNode {
  const { indicator, before } = props;
  const { name, metric, comparator, threshold, value, sampleSize, passed } = indicator;
  const used = budgetUsed(indicator, value);
  return (
    <tr class={passed ? '' : 'missed'}>
      <th scope="row" title={`${metric}, ${sampleSize} samples`}>
        {name}
      </th>
      <td class="measured">{measure(metric, value)}</td>
      <td class="objective">
        {comparator === '<=' ? '≤' : '≥'} {measure(metric, threshold)}
      </td>
      <td>
        <span class="budget">
          <BudgetBar used={used} before={before && budgetUsed(indicator, before.value)} />
          <span>{percent(used)}</span>
        </span>
      </td>
      <td class="baseline">{before === undefined ? '–' : measure(metric, before.value)}</td>
      <td>
        <Change indicator={indicator} before={before} />
      </td>
      <td>
        <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />
        <span class="visually-hidden">{passed ? 'met' : 'missed'}</span>
      </td>
    </tr>
  );
}

/** More of the budget than this is used: it still holds, but not by much. */
const SCARCE = 0.9;

function BudgetBar(props: { readonly used: number; readonly before: number | undefined }): VNode {
  const { used, before } = props;
  const tone = used > 1 ? 'over' : used > SCARCE ? 'scarce' : '';
  const shareOf = (share: number): string => `${(100 * budgetWidth(share)).toFixed(1)}%`;
  return (
    <svg class="budget-bar" aria-hidden="true">
      <rect class="budget-track" width="100%" height="8" y="3" />
      <rect class={`budget-used ${tone}`} width={shareOf(used)} height="8" y="3" />
      <line class="budget-full" x1="80%" x2="80%" y1="0" y2="14" />
      {before !== undefined && <circle class="budget-before" cx={shareOf(before)} cy="7" r="3" />}
    </svg>
  );
}

function Change(props: {
  readonly indicator: Indicator;
  readonly before: Indicator | undefined;
}): VNode {
  const { indicator, before } = props;
  if (before === undefined) return <span class="quiet">–</span>;
  const change = changeOf(indicator, indicator.value, before.value);
  if (change === 'same') return <span class="quiet">same</span>;
  const relative = before.value === 0 ? Infinity : (indicator.value - before.value) / before.value;
  const sign = relative > 0 ? '+' : '−';
  return (
    <span class={change === 'better' ? 'ok' : 'late'} title={change}>
      <span aria-hidden="true">{relative > 0 ? '↑' : '↓'}</span>{' '}
      {Number.isFinite(relative) ? `${sign}${(100 * Math.abs(relative)).toFixed(1)} %` : change}
      <span class="visually-hidden"> {change}</span>
    </span>
  );
}

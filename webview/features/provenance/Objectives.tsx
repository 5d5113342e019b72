import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { Comparison } from '../../../src/model/comparison.ts';
import type { Indicator } from '../../../src/model/indicator.ts';
import { isMeasuredAlike, waysOf } from '../../../src/model/measuredBy.ts';
import { budgetUsed, budgetWidth, changeOf, type Change as Direction } from '../../draw/budget.ts';
import { Mark } from '../../ui/Mark.tsx';
import { measure, percent } from './format.ts';

interface ObjectivesProps {
  readonly indicators: readonly Indicator[];
  readonly baseline: Evidence['baseline'];
}

/**
 * How well the run performed, objective by objective, on one scale: the share of the budget used. Missed ones come first,
 * then what became worse than the baseline.
 */
export function Objectives({ indicators, baseline }: ObjectivesProps): VNode {
  const met = indicators.filter(({ passed }) => passed).length;
  const comparisons = new Map(baseline?.comparisons.map((one) => [one.name, one]));
  const urgency = ({ name, passed }: Indicator): number =>
    passed ? (comparisons.get(name)?.verdict === 'fail' ? 1 : 2) : 0;
  const rows = [...indicators].sort((left, right) => urgency(left) - urgency(right));
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
                {baseline === undefined
                  ? 'Baseline'
                  : `${baseline.isPinned ? 'Pinned' : 'Baseline'} ${baseline.simId.slice(0, 8)}`}
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
                before={baseline?.indicators.find(
                  (one) => one.name === indicator.name && isMeasuredAlike(one, indicator),
                )}
                comparison={comparisons.get(indicator.name)}
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
  readonly comparison: Comparison | undefined;
}): VNode {
  const { indicator, before, comparison } = props;
  const { name, metric, comparator, threshold, value, passed, measuredBy } = indicator;
  const used = budgetUsed(indicator, value);
  return (
    <tr class={passed ? '' : 'missed'}>
      <th scope="row" title={`${name}: ${metric}, ${samplesOf(indicator)}`}>
        {name} {measuredBy !== undefined && <span class="way">by {measuredBy}</span>}
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
        <Change indicator={indicator} before={before} comparison={comparison} />
      </td>
      <td>
        <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />
        <span class="visually-hidden">{passed ? 'met' : 'missed'}</span>
      </td>
    </tr>
  );
}

function samplesOf({ sampleSize, ...measuring }: Indicator): string {
  return `${sampleSize} ${waysOf(measuring) || 'samples'}`;
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

const WORDS = { pass: 'held', fail: 'worse', inconclusive: 'inconclusive' } as const;

/** The change in the unit that was measured, and what the comparison of all measurements says about it. */
function Change(props: {
  readonly indicator: Indicator;
  readonly before: Indicator | undefined;
  readonly comparison: Comparison | undefined;
}): VNode {
  const { indicator, before, comparison } = props;
  if (before === undefined) {
    return (
      <span class="quiet" title={comparison?.sentence}>
        {comparison === undefined ? '–' : WORDS[comparison.verdict]}
      </span>
    );
  }
  const { text, arrow } = changeText(indicator, before.value);
  const tone = changeTone(changeOf(indicator, indicator.value, before.value), comparison);
  return (
    <span class={tone} title={comparison?.sentence}>
      {arrow !== '' && <span aria-hidden="true">{arrow} </span>}
      {text}
      {comparison !== undefined && <span class="verdict-word">{WORDS[comparison.verdict]}</span>}
    </span>
  );
}

/** Only a comparison that came to a verdict may colour a change: what could be chance is neither good nor bad. */
function changeTone(change: Direction, comparison: Comparison | undefined): string {
  if (comparison?.verdict === 'fail') return 'late';
  return comparison?.verdict === 'pass' && change === 'better' ? 'ok' : 'quiet';
}

/** Percentages change by points, everything else by a share of what it was. */
function changeText(
  { metric, value }: Indicator,
  before: number,
): { readonly text: string; readonly arrow: string } {
  const change = value - before;
  const isPoints = metric.endsWith('-percent');
  const amount = isPoints ? Math.abs(change) : (100 * Math.abs(change)) / Math.abs(before);
  const shown = isPoints ? amount.toFixed(2) : amount.toFixed(1);
  if (Number(shown) === 0) return { text: 'same', arrow: '' };
  const [sign, arrow] = change > 0 ? ['+', '↑'] : ['−', '↓'];
  const unit = isPoints ? 'pt' : '%';
  return { text: Number.isFinite(amount) ? `${sign}${shown} ${unit}` : 'new', arrow };
}

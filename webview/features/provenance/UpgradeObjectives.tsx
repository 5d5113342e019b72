import type { VNode } from 'preact';
import type { Comparison } from '../../../src/model/comparison.ts';
import type { Indicator, WindowIndicator } from '../../../src/model/indicator.ts';
import { metricAmount, metricBound } from '../../../src/model/metricAmount.ts';
import { UPGRADE_WINDOWS } from '../../../src/model/upgradeReport.ts';
import { Mark } from '../../ui/Mark.tsx';

/** Objectives as they were measured from window to window; nothing where none was. @param after of the run: its last window */
export function UpgradeObjectives(props: {
  readonly indicators: readonly WindowIndicator[];
  readonly after: readonly Indicator[];
  /** The window "mixed" against "before". */
  readonly comparisons: readonly Comparison[];
}): VNode | null {
  const last = props.after.map((one) => ({ ...one, window: 'after' as const }));
  const measured = [...props.indicators, ...last];
  const names = [...new Set(measured.map(({ name }) => name))];
  if (names.length === 0) return null;
  return (
    <table aria-label="Objectives by window">
      <thead>
        <tr>
          <th scope="col">Objective</th>
          <th scope="col">Promised</th>
          {UPGRADE_WINDOWS.map((window) => (
            <th key={window} scope="col">
              {window}
            </th>
          ))}
          <th scope="col">mixed against before</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const own = measured.filter((one) => one.name === name);
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{own[0] && metricBound(own[0])}</td>
              {UPGRADE_WINDOWS.map((window) => (
                <td key={window}>
                  <Measured indicator={own.find((one) => one.window === window)} />
                </td>
              ))}
              <td>
                <Compared comparison={props.comparisons.find((one) => one.name === name)} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const VERDICTS = { pass: 'not worse', fail: 'worse', inconclusive: 'inconclusive' } as const;

/** An en dash: one of both was not measured. */
function Compared({ comparison }: { readonly comparison: Comparison | undefined }): VNode {
  if (comparison === undefined) return <span title="not measured in both">–</span>;
  const { verdict, sentence } = comparison;
  return (
    <span title={sentence} class={verdict === 'fail' ? 'late' : 'quiet'}>
      {VERDICTS[verdict]}
    </span>
  );
}

/** An en dash: too few were asked and answered. */
function Measured({ indicator }: { readonly indicator: Indicator | undefined }): VNode {
  if (indicator === undefined) return <span title="not measured often enough">–</span>;
  const { metric, value, passed, sampleSize } = indicator;
  return (
    <span title={`of ${sampleSize} probes`}>
      <Mark name={passed ? 'pass' : 'fail'} tone={passed ? 'ok' : 'err'} />{' '}
      {metricAmount(metric, value)}
    </span>
  );
}

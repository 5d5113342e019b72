import type { VNode } from 'preact';
import type { CheckReport } from '../../../src/model/upgradeReport.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { checksText, whenText } from './upgradeText.ts';

const OUTCOMES: Record<CheckReport['outcome'], readonly [MarkName, string]> = {
  passed: ['pass', 'ok'],
  failed: ['fail', 'err'],
  unfinished: ['slash', 'warn'],
};
/** Those that did not pass come first. */
const RANK: Record<CheckReport['outcome'], number> = { failed: 0, unfinished: 1, passed: 2 };

/** Each run of a check of the product in an upgrade. Nothing where it has none. */
export function UpgradeChecks({
  checks,
}: {
  readonly checks: readonly CheckReport[];
}): VNode | null {
  if (checks.length === 0) return null;
  const rows = checks.toSorted((left, right) => RANK[left.outcome] - RANK[right.outcome]);
  return (
    <>
      <h4 class="section-head">
        Checks <span class="quiet">{checksText(checks)}</span>
      </h4>
      <table aria-label="Checks of the product">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col" class="text">
              When
            </th>
            <th scope="col" class="text">
              Node
            </th>
            <th scope="col" class="text">
              Outcome
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((check) => {
            const { name, nodeId, outcome, details } = check;
            const [mark, tone] = OUTCOMES[outcome];
            return (
              <tr key={`${name} ${nodeId} ${check.window} ${check.wave}`}>
                <th scope="row">{name}</th>
                <td class="text">{whenText(check)}</td>
                <td class="text">{nodeId}</td>
                <td class="text">
                  <Mark name={mark} tone={tone} /> {outcome}
                  {details !== undefined && <span class="quiet"> {details}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

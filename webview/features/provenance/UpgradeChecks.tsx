import { Fragment, type VNode } from 'preact';
import type { CheckReport } from '../../../src/model/upgradeReport.ts';
import { Mark } from '../../ui/Mark.tsx';
import { checkGroups, whenText, type CheckGroup } from './upgradeText.ts';

/** The checks of the product in an upgrade, and each run of one that did not pass. Nothing where it has none. */
export function UpgradeChecks({
  checks,
}: {
  readonly checks: readonly CheckReport[];
}): VNode | null {
  if (checks.length === 0) return null;
  return (
    <table aria-label="Checks of the product">
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col" class="text">
            Ran
          </th>
          <th scope="col" class="text">
            Nodes
          </th>
          <th scope="col" class="text">
            Outcome
          </th>
        </tr>
      </thead>
      <tbody>
        {checkGroups(checks).map((group) => (
          <Fragment key={group.name}>
            <Row group={group} />
            {group.others.map((run) => (
              <OtherRow key={`${run.nodeId} ${run.window} ${run.wave}`} run={run} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Row({ group }: { readonly group: CheckGroup }): VNode {
  const { name, when, nodes, text, others } = group;
  const isWell = others.length === 0;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="text">{when}</td>
      <td class="text nodes">{nodes.join(', ')}</td>
      <td class="text">
        <Mark name={isWell ? 'pass' : 'fail'} tone={isWell ? 'ok' : 'err'} /> {text}
      </td>
    </tr>
  );
}

function OtherRow({ run }: { readonly run: CheckReport }): VNode {
  const { name, nodeId, outcome, details } = run;
  const hasFailed = outcome === 'failed';
  return (
    <tr>
      <th scope="row" class="quiet">
        {name}
      </th>
      <td class="text">{whenText(run)}</td>
      <td class="text">{nodeId}</td>
      <td class="text reason">
        <Mark name={hasFailed ? 'cross' : 'slash'} tone={hasFailed ? 'err' : 'warn'} /> {outcome}
        {details !== undefined && <span class="quiet">: {details}</span>}
      </td>
    </tr>
  );
}

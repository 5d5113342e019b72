import type { VNode } from 'preact';
import type { Indicator } from '../../../src/model/indicator.ts';
import type { UpgradeEvidence as Sealed } from '../../../src/model/upgradeEvidence.ts';
import type { UpgradePlan } from '../../../src/model/upgradePlan.ts';
import type { WaveReport } from '../../../src/model/upgradeReport.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { hash12, inRun, seconds } from './format.ts';
import { UpgradeChecks } from './UpgradeChecks.tsx';
import { UpgradeObjectives } from './UpgradeObjectives.tsx';
import {
  durationText,
  ORDER_WORDS,
  OUTCOME_WORDS,
  ROLLBACK_WORDS,
  strategyText,
} from './upgradeText.ts';
import { VersionMark } from './VersionMark.tsx';

/** What a rehearsed upgrade came to, as signed: from which Capsule to which, wave by wave, and what checks of the product said. */
export function UpgradeEvidence(props: {
  readonly upgrade: Sealed;
  readonly planned: UpgradePlan | undefined;
  readonly capsuleHash: string;
  /** Of the run: of its last window. */
  readonly indicators: readonly Indicator[];
}): VNode {
  const { upgrade, planned, capsuleHash } = props;
  const { from, strategy, windows, waves, rollback, halted, workload, outcome } = upgrade;
  const isWell = outcome === 'completed';
  return (
    <section class="upgrade" aria-label="Upgrade">
      <h3 class="section-head">
        Upgrade <span class="quiet">{OUTCOME_WORDS[outcome]}</span>
        <span class="head-end">
          <Mark name={isWell ? 'pass' : 'fail'} tone={isWell ? 'ok' : 'err'} />
        </span>
      </h3>
      <p class="upgrade-ends">
        <VersionMark version="old" /> old{' '}
        <code title={from.digest.sha256}>{hash12(from.digest.sha256)}</code>
        <span aria-label="to">→</span>
        <VersionMark version="new" /> new <code title={capsuleHash}>{hash12(capsuleHash)}</code>
      </p>
      <Windows windows={windows} />
      <dl class="upgrade-facts">
        <Fact name="Strategy" text={strategyText(strategy)} />
        {planned !== undefined && <Fact name="Order" text={ORDER_WORDS[planned.order]} />}
        <Fact name="Rollback" text={ROLLBACK_WORDS[rollback.planned]} />
        {rollback.reason !== undefined && <Fact name="Way back" text={rollback.reason} />}
        {halted.map(({ nodeId, details }) => (
          <Fact key={nodeId} name={`${nodeId} kept old`} text={details} isBad />
        ))}
        {planned?.checksFrom === 'old' && <Fact name="Checks" text="of the old Capsule" />}
        {workload !== undefined && (
          <Fact
            name="Workload"
            text={`on ${workload.nodeId}, ${workload.details ?? 'ran until it was stopped'}`}
            isBad={workload.outcome === 'failed'}
          />
        )}
      </dl>
      <Waves waves={waves} />
      <UpgradeChecks checks={upgrade.checks} />
      <UpgradeObjectives {...upgrade} after={props.indicators} />
    </section>
  );
}

function Fact(props: {
  readonly name: string;
  readonly text: string;
  readonly isBad?: boolean;
}): VNode {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.isBad === true ? 'err' : ''}>{props.text}</dd>
    </div>
  );
}

/** The longer, the wider; each with its name and how long it was. */
function Windows({ windows }: { readonly windows: Sealed['windows'] }): VNode {
  return (
    <ol class="upgrade-windows" aria-label="Windows of the upgrade">
      {windows.map(({ window, startMs, endMs }) => (
        <li
          key={startMs}
          class={`in-${window}`}
          title={`${window}, ${inRun(startMs)} to ${inRun(endMs)} s`}
          ref={(item) => {
            item?.style.setProperty('flex-grow', String(Math.max(1, endMs - startMs)));
          }}
        >
          {window} <span class="quiet">{seconds(endMs - startMs)}</span>
        </li>
      ))}
    </ol>
  );
}

const OUTCOMES: Record<WaveReport['outcome'], readonly [MarkName, string, string]> = {
  ok: ['pass', 'ok', 'ended well'],
  failed: ['fail', 'err', 'failed'],
  unfinished: ['slash', 'warn', 'unfinished'],
};

function Waves({ waves }: { readonly waves: readonly WaveReport[] }): VNode {
  return (
    <table aria-label="Waves of the upgrade">
      <thead>
        <tr>
          <th scope="col">Wave</th>
          <th scope="col" class="text">
            To
          </th>
          <th scope="col" class="text">
            Nodes
          </th>
          <th scope="col">Began</th>
          <th scope="col">Took</th>
          <th scope="col" class="text">
            Outcome
          </th>
        </tr>
      </thead>
      <tbody>
        {waves.map((wave) => {
          const [mark, tone, words] = OUTCOMES[wave.outcome];
          return (
            <tr key={wave.index}>
              <th scope="row">{wave.index}</th>
              <td class="text">
                <VersionMark version={wave.to} /> {wave.to === 'new' ? 'new' : 'back to old'}
              </td>
              <td class="text nodes">{wave.nodes.join(', ')}</td>
              <td>{inRun(wave.startMs)} s</td>
              <td>{durationText(wave)}</td>
              <td class="text">
                <Mark name={mark} tone={tone} /> {words}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

import type { VNode } from 'preact';
import type { CapsuleSummary } from '../../../src/model/api.ts';
import { ROLLBACKS } from '../../../src/model/upgradeChoices.ts';
import { parameters } from '../../state/parameters.ts';
import type { StrategyKind } from '../../state/parseUpgrade.ts';
import type { StudioState } from '../../state/studioState.ts';
import {
  capsulesBefore,
  changeUpgrade,
  chooseFrom,
  strategyOf,
  wayOfUpgrade,
} from '../../state/upgradeChoice.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { clockTime, dayOf, short } from './format.ts';
import { ROLLBACK_WORDS } from './upgradeText.ts';

/** The choice that is no Capsule. */
const NONE = '';

const STRATEGY_CHOICES: readonly { readonly value: StrategyKind; readonly label: string }[] = [
  { value: 'rolling', label: 'rolling, a few at a time' },
  { value: 'canary', label: 'canary, then the rest' },
  { value: 'blue-green', label: 'blue-green, new beside old' },
  { value: 'all-at-once', label: 'all at once' },
];

/** Which Capsule nodes run at first, and how the chosen one takes its place. */
export function UpgradeFields({ state }: { readonly state: StudioState }): VNode {
  const { upgrade } = parameters.value;
  const capsules = state.capsules.value;
  const before = capsulesBefore(capsules, state.capsuleHash.value);
  const isUpgrade = upgrade !== undefined;
  const options = [
    { value: NONE, label: 'none, a first start' },
    ...before.map((one) => ({ value: one.capsuleHash, label: labelOf(one) })),
    ...(isUpgrade && before.every(({ capsuleHash }) => capsuleHash !== upgrade.from)
      ? [{ value: upgrade.from, label: strangeLabel(upgrade.from, state) }]
      : []),
  ];
  return (
    <>
      <label class="field" title={before.length === 0 ? 'Only one Capsule is packed.' : undefined}>
        <span>From</span>
        <Dropdown
          label="From"
          value={upgrade?.from ?? NONE}
          isDisabled={options.length === 1}
          options={options}
          onChange={(from) => {
            chooseFrom(from === NONE ? undefined : from);
          }}
        />
      </label>
      {options.length > 1 && <Course isUpgrade={isUpgrade} />}
    </>
  );
}

function Course({ isUpgrade }: { readonly isUpgrade: boolean }): VNode {
  const { strategy, rollback } = wayOfUpgrade();
  return (
    <>
      <label class="field">
        <span>Strategy</span>
        <Dropdown
          label="Strategy"
          value={strategy.kind}
          isDisabled={!isUpgrade}
          options={STRATEGY_CHOICES}
          onChange={(next) => {
            changeUpgrade({ strategy: strategyOf(next) });
          }}
        />
      </label>
      {isUpgrade && <WaveSize />}
      <label class="field">
        <span>Rollback</span>
        <Dropdown
          label="Rollback"
          value={rollback}
          isDisabled={!isUpgrade}
          options={ROLLBACKS.map((value) => ({ value, label: ROLLBACK_WORDS[value] }))}
          onChange={(next) => {
            changeUpgrade({ rollback: next });
          }}
        />
      </label>
    </>
  );
}

function WaveSize(): VNode | null {
  const { nodes } = parameters.value.params;
  const { strategy } = wayOfUpgrade();
  switch (strategy.kind) {
    case 'rolling':
      return (
        <Slider
          label="Nodes at a time"
          shown={`${strategy.batch}`}
          value={strategy.batch}
          min={1}
          max={nodes}
          onChange={(batch) => {
            changeUpgrade({ strategy: { ...strategy, batch } });
          }}
        />
      );
    case 'canary':
      return (
        <Slider
          label="Canaries"
          shown={`${strategy.nodes}`}
          value={strategy.nodes}
          min={1}
          max={nodes - 1}
          onChange={(canaries) => {
            changeUpgrade({ strategy: { ...strategy, nodes: canaries } });
          }}
        />
      );
    case 'all-at-once':
    case 'blue-green':
      return null;
  }
}

function labelOf({ name, capsuleHash, packedAt }: CapsuleSummary): string {
  return `${name} ${short(capsuleHash)}, ${dayOf(packedAt)} ${clockTime(packedAt)}`;
}

/** Of a hash that was written as JSON. */
function strangeLabel(from: string, { capsules, capsuleHash }: StudioState): string {
  if (from === capsuleHash.value) return `${short(from)}, the Capsule itself`;
  const known = capsules.value.find((one) => one.capsuleHash === from);
  return known === undefined ? `${short(from)}, not packed here` : labelOf(known);
}

import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import {
  ACCESS_LABELS,
  ACCESS_PRESETS,
  type AccessPreset,
} from '../../../src/model/accessPresets.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import type { AccessChoice, AccessChoices } from '../../state/parseAccess.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Switch } from '../../ui/Switch.tsx';

type Choice = AccessPreset | 'none' | 'own';

const PRESETS = ACCESS_PRESETS.map((value) => ({ value, label: ACCESS_LABELS[value] }));

/** The last mile of each node. One that was written in figures stays a choice until another is chosen. */
export function AccessFields(): VNode {
  const { params, access = {} } = parameters.value;
  const isOpen = useSignal(false);
  /** What comes back when the switch is on again. */
  const kept = useSignal<AccessChoices>({});
  const isOn = isOpen.value || Object.keys(access).length > 0;
  return (
    <>
      <Switch
        label="Give nodes access links"
        isOn={isOn}
        onChange={(next) => {
          isOpen.value = next;
          if (!next) kept.value = access;
          setParameters({ access: next ? kept.value : undefined });
        }}
      />
      {isOn && (
        <fieldset class="hosts">
          <legend>Access links of nodes</legend>
          {Array.from({ length: params.nodes }, (_, index) => nodeIdOf(index)).map((node) => (
            <NodeField key={node} node={node} own={access[node]} />
          ))}
        </fieldset>
      )}
    </>
  );
}

function NodeField(props: {
  readonly node: string;
  readonly own: AccessChoice | undefined;
}): VNode {
  const { node, own } = props;
  const inFigures = typeof own === 'object';
  const options: { value: Choice; label: string }[] = [
    { value: 'none', label: 'none' },
    ...PRESETS,
    ...(inFigures ? [{ value: 'own' as const, label: own.preset ?? 'your own figures' }] : []),
  ];
  return (
    <label>
      <span class="mono">{node}</span>
      <Dropdown
        label={`Access link of ${node}`}
        value={inFigures ? 'own' : (own ?? 'none')}
        options={options}
        onChange={(choice) => {
          if (choice !== 'own') choose(node, choice);
        }}
      />
    </label>
  );
}

function choose(node: string, choice: AccessPreset | 'none'): void {
  const { access = {} } = parameters.value;
  const others = Object.entries(access).filter(([other]) => other !== node);
  const all = choice === 'none' ? others : [...others, [node, choice] as const];
  setParameters({ access: all.length === 0 ? undefined : Object.fromEntries(all) });
}

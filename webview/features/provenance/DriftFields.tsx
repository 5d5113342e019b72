import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import type { Drift } from '../../../src/model/plan.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextField } from '../../ui/TextField.tsx';

/** One node is given a service at another commit: it must halt. */
export function DriftFields({ state }: { readonly state: StudioState }): VNode {
  const { params, drift } = parameters.value;
  const services = state.driftingServices.value;
  const [on] = drift;
  /** What is shown, and comes back, while the switch is off. */
  const kept = useSignal<Drift>({ node: 'n1', service: '', commit: 'HEAD~1' });
  const shown = on ?? kept.value;
  const service = services.includes(shown.service) ? shown.service : (services[0] ?? '');
  const set = (change: Partial<Drift>): void => {
    kept.value = { ...shown, service, ...change };
    setParameters({ drift: [kept.value] });
  };
  const nodes = Array.from({ length: params.nodes }, (_, index) => nodeIdOf(index));
  return (
    <>
      <Switch
        label="Drift, tamper one service on one node"
        isOn={on !== undefined}
        onChange={(isOn) => {
          if (isOn) set({});
          else setParameters({ drift: [] });
        }}
      />
      <div class="drift">
        <Dropdown
          label="Node that drifts"
          value={shown.node}
          isDisabled={on === undefined}
          options={optionsOf(nodes)}
          onChange={(node) => {
            set({ node });
          }}
        />
        <Dropdown
          label="Service that drifts"
          value={service}
          isDisabled={on === undefined}
          options={optionsOf(services)}
          onChange={(next) => {
            set({ service: next });
          }}
        />
        <TextField
          label="Commit it is given"
          value={shown.commit}
          isDisabled={on === undefined}
          onInput={(commit) => {
            set({ commit });
          }}
        />
      </div>
    </>
  );
}

function optionsOf(values: readonly string[]): { value: string; label: string }[] {
  return values.map((value) => ({ value, label: value }));
}

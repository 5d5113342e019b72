import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { refusalToRun } from '../../state/nextRun.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { short } from './format.ts';
import { ParameterForm } from './ParameterForm.tsx';
import { ParameterJson } from './ParameterJson.tsx';
import { SimulateButton } from './SimulateButton.tsx';

/** What the next run is to be, and the button that starts it. */
export function MeshSimPanel({ state }: { readonly state: StudioState }): VNode {
  const isJson = useSignal(false);
  const isLive = state.frame.value >= 0 && state.run !== undefined && state.run.end === undefined;
  const refusal = refusalToRun(state);
  return (
    <section
      id="parameters"
      class={`panel ${state.isPanelOpen.value ? 'is-open' : ''}`}
      aria-label="Mesh-Sim parameters"
    >
      <h2>
        Mesh-Sim <span class="quiet">{isLive ? 'edits apply to the next run' : ''}</span>
        <button
          type="button"
          class="icon-button"
          aria-pressed={isJson.value}
          aria-label="Edit as JSON"
          title="Edit as JSON"
          onClick={() => (isJson.value = !isJson.value)}
        >
          {'{ }'}
        </button>
      </h2>
      <div class="panel-body">
        <Capsules state={state} />
        {isJson.value ? <ParameterJson state={state} /> : <ParameterForm state={state} />}
      </div>
      <SimulateButton state={state} />
      {refusal !== undefined && <p class="quiet refusal">{refusal}</p>}
    </section>
  );
}

function Capsules({ state }: { readonly state: StudioState }): VNode | null {
  const capsules = state.capsules.value;
  if (capsules.length === 0) return null;
  return (
    <label class="field">
      <span>Capsule</span>
      <Dropdown
        label="Capsule"
        value={state.capsuleHash.value ?? ''}
        options={capsules.map(({ capsuleHash, name }) => ({
          value: capsuleHash,
          label: `${name} ${short(capsuleHash)}`,
        }))}
        onChange={(hash) => (state.capsuleHash.value = hash)}
      />
    </label>
  );
}

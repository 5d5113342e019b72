import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { parameters, refusalOf, startRequest } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { useKeys } from '../../ui/useKeys.ts';
import { short } from './format.ts';
import { ParameterForm } from './ParameterForm.tsx';
import { ParameterJson } from './ParameterJson.tsx';
import { ParameterSummary } from './ParameterSummary.tsx';

/** What the next run is to be, and the button that starts it. */
export function MeshSimPanel({ state }: { readonly state: StudioState }): VNode {
  const isJson = useSignal(false);
  const isOpen = useSignal(false);
  const isLive = state.frame.value >= 0 && state.run !== undefined && state.run.end === undefined;
  const refusal = refusalToRun(state);
  const simulate = (): void => {
    const hash = state.capsuleHash.value;
    if (hash === undefined || refusal !== undefined) return;
    void state.attempt(async () => {
      state.openRun((await state.client.start(startRequest(hash))).simId);
    });
  };
  useKeys((event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    // Else the button that has the focus is pressed too.
    event.preventDefault();
    simulate();
  });
  return (
    <section class={`panel ${isOpen.value ? 'is-open' : ''}`} aria-label="Mesh-Sim parameters">
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
      <ParameterSummary isOpen={isOpen} />
      <div class="panel-body">
        <Capsules state={state} />
        {isJson.value ? <ParameterJson /> : <ParameterForm state={state} />}
      </div>
      <Button
        kind="primary"
        isDisabled={refusal !== undefined}
        title={refusal ?? 'Simulate Mesh with these parameters'}
        onPress={simulate}
      >
        <span slot="start">
          <Mark name="play" />
        </span>
        Simulate Mesh <kbd>{SHORTCUT}</kbd>
      </Button>
      {refusal !== undefined && <p class="quiet refusal">{refusal}</p>}
    </section>
  );
}

/** Of the system the page is looked at on, which need not be the one that runs it. */
const SHORTCUT = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘⏎' : 'Ctrl+⏎';

function refusalToRun(state: StudioState): string | undefined {
  const refusal = state.workspace.value?.refusal;
  if (refusal !== undefined) return refusal;
  if (state.capsuleHash.value === undefined) return 'Pack a Capsule first.';
  return refusalOf(parameters.value);
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

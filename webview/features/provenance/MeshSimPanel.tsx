import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { CHAOS_PRESETS, type ChaosPreset } from '../../../src/model/presets.ts';
import { nodeIdOf } from '../../../src/model/nodeIds.ts';
import {
  parameters,
  parseParameters,
  setParams,
  startRequest,
  withLatency,
} from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { short } from './format.ts';

const MAX_SEED = 4_294_967_295;

export function MeshSimPanel({ state }: { readonly state: StudioState }): VNode {
  const isJson = useSignal(false);
  const isLive = state.frame.value >= 0 && state.run !== undefined && state.run.end === undefined;
  const refusal = refusalOf(state);
  const simulate = (): void => {
    const hash = state.capsuleHash.value;
    if (hash === undefined || refusal !== undefined) return;
    void state.attempt(async () => {
      state.openRun((await state.client.start(startRequest(hash))).simId);
    });
  };
  useShortcut(simulate);
  return (
    <section class="panel" aria-label="Mesh-Sim parameters">
      <h2>
        Mesh-Sim <span class="quiet">{isLive ? 'edits apply to the next run' : ''}</span>
        <button
          type="button"
          class="icon-button"
          aria-pressed={isJson.value}
          aria-label="Edit as JSON"
          onClick={() => (isJson.value = !isJson.value)}
        >
          {'{ }'}
        </button>
      </h2>
      <Capsules state={state} />
      {isJson.value ? <Json /> : <Form state={state} />}
      <Button
        kind="primary"
        isDisabled={refusal !== undefined}
        title={refusal ?? ''}
        onPress={simulate}
      >
        Simulate Mesh
      </Button>
      {refusal !== undefined && <p class="quiet">{refusal}</p>}
    </section>
  );
}

function refusalOf(state: StudioState): string | undefined {
  const refusal = state.workspace.value?.refusal;
  if (refusal !== undefined) return refusal;
  return state.capsuleHash.value === undefined ? 'Pack a Capsule first.' : undefined;
}

/** Ctrl+Enter, or ⌘+Enter, from anywhere on the page. */
function useShortcut(simulate: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) simulate();
    };
    addEventListener('keydown', press);
    return () => {
      removeEventListener('keydown', press);
    };
  });
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

function Range(props: {
  readonly label: string;
  readonly shown: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}): VNode {
  const { label, shown, value, min, max, onChange } = props;
  return (
    <label class="field range">
      <span>{label}</span>
      <output>{shown}</output>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={shown}
        min={min}
        max={max}
        value={value}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
}

function Form({ state }: { readonly state: StudioState }): VNode {
  const { value } = parameters;
  const { nodes, latencyMs, packetLoss, verifySignatures } = value.params;
  const [low, high] = latencyMs;
  return (
    <div class="form">
      <Range
        label="Nodes"
        shown={`${nodes}`}
        value={nodes}
        min={2}
        max={10}
        onChange={(next) => {
          setParams({ nodes: next });
        }}
      />
      <Range
        label="Latency from"
        shown={`${low} ms`}
        value={low}
        min={0}
        max={500}
        onChange={(ms) => {
          setParams({ latencyMs: withLatency(latencyMs, 'min', ms) });
        }}
      />
      <Range
        label="Latency to"
        shown={`${high} ms`}
        value={high}
        min={0}
        max={500}
        onChange={(ms) => {
          setParams({ latencyMs: withLatency(latencyMs, 'max', ms) });
        }}
      />
      <Range
        label="Packet loss"
        shown={`${packetLoss} %`}
        value={packetLoss}
        min={0}
        max={30}
        onChange={(loss) => {
          setParams({ packetLoss: loss });
        }}
      />
      <div class="field">
        <span>Seed</span>
        <TextField label="Seed" value={String(value.seed)} onInput={setSeed} />
        <Button
          onPress={() => {
            setSeed(String(Math.floor(Math.random() * 1_000_000)));
          }}
        >
          New seed
        </Button>
      </div>
      <Checkbox
        label="Verify signatures at every hop"
        isChecked={verifySignatures}
        onChange={(isChecked) => {
          setParams({ verifySignatures: isChecked });
        }}
      />
      <label class="field">
        <span>Chaos</span>
        <Dropdown
          label="Chaos"
          value={value.chaos.preset}
          options={CHAOS_PRESETS.map((preset) => ({ value: preset, label: preset }))}
          onChange={(preset) =>
            (parameters.value = { ...parameters.value, chaos: { preset: preset as ChaosPreset } })
          }
        />
      </label>
      <DriftFields state={state} />
    </div>
  );
}

function setSeed(text: string): void {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= MAX_SEED) parameters.value = { ...parameters.value, seed };
}

/** One node is given a service at another commit: it must halt. */
function DriftFields({ state }: { readonly state: StudioState }): VNode {
  const { value } = parameters;
  const [drift] = value.drift;
  const capsule = state.capsules.value.find(
    ({ capsuleHash }) => capsuleHash === state.capsuleHash.value,
  );
  const services = capsule?.services.map(({ name }) => name) ?? [];
  const set = (change: object): void => {
    const base = drift ?? { node: 'n1', service: services[0] ?? '', commit: 'HEAD~1' };
    parameters.value = { ...parameters.value, drift: [{ ...base, ...change }] };
  };
  return (
    <>
      <Checkbox
        label="Drift: tamper one service on one node"
        isChecked={drift !== undefined}
        onChange={(isChecked) => {
          if (isChecked) set({});
          else parameters.value = { ...parameters.value, drift: [] };
        }}
      />
      {drift !== undefined && (
        <div class="field drift">
          <Dropdown
            label="Node that drifts"
            value={drift.node}
            options={Array.from({ length: value.params.nodes }, (_, index) => ({
              value: nodeIdOf(index),
              label: nodeIdOf(index),
            }))}
            onChange={(node) => {
              set({ node });
            }}
          />
          <Dropdown
            label="Service that drifts"
            value={drift.service}
            options={services.map((service) => ({ value: service, label: service }))}
            onChange={(service) => {
              set({ service });
            }}
          />
          <TextField
            label="Commit it is given"
            value={drift.commit}
            onInput={(commit) => {
              set({ commit });
            }}
          />
        </div>
      )}
    </>
  );
}

function Json(): VNode {
  const problem = useSignal('');
  const change = (text: string): void => {
    try {
      parameters.value = parseParameters(text);
      problem.value = '';
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <div class="json">
      <textarea
        aria-label="Parameters as JSON"
        spellcheck={false}
        rows={16}
        defaultValue={JSON.stringify(parameters.peek(), null, 2)}
        onInput={({ currentTarget }) => {
          change(currentTarget.value);
        }}
      />
      {problem.value !== '' && <p class="err">{problem.value}</p>}
    </div>
  );
}

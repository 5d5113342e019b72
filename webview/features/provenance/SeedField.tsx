import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { SEED } from '../../../src/model/paramLimits.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextField } from '../../ui/TextField.tsx';

/** Seeds that are chosen for a person are short enough to be told over the phone. */
const NEW_SEEDS = 1_000_000;

export function SeedField(): VNode {
  const isRefused = useSignal(false);
  const set = (text: string): void => {
    const seed = Number(text);
    isRefused.value = !/^\d+$/.test(text) || seed > SEED.max;
    if (!isRefused.value) setParameters({ seed });
  };
  return (
    <div class="seed">
      <span>Seed</span>
      <IconButton
        label="New seed"
        mark="retry"
        onPress={() => {
          set(String(Math.floor(Math.random() * NEW_SEEDS)));
        }}
      />
      <TextField label="Seed" value={String(parameters.value.seed)} onInput={set} />
      {isRefused.value && (
        <p class="err" role="alert">
          A seed is a whole number from {SEED.min} to {SEED.max}.
        </p>
      )}
    </div>
  );
}

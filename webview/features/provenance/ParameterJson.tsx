import { useSignal, useSignalEffect } from '@preact/signals';
import type { VNode } from 'preact';
import { parameters, setParameters, type Parameters } from '../../state/parameters.ts';
import { parseParameters } from '../../state/parseParameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { IdleFaults } from './IdleFaults.tsx';

/** The same object as text. What can not be read is told and changes nothing. */
export function ParameterJson({ state }: { readonly state: StudioState }): VNode {
  const text = useSignal(textOf(parameters.peek()));
  const problem = useSignal('');
  useSignalEffect(() => {
    // Changed elsewhere: what is being typed stays as it is typed.
    if (!standsFor(text.peek(), parameters.value)) {
      text.value = textOf(parameters.value);
      problem.value = '';
    }
  });
  const change = (typed: string): void => {
    text.value = typed;
    try {
      setParameters(parseParameters(typed));
      problem.value = '';
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <div class="json">
      <textarea
        aria-label="Parameters as JSON"
        aria-invalid={problem.value !== ''}
        aria-describedby="json-problem"
        class="mono"
        spellcheck={false}
        rows={18}
        value={text.value}
        onInput={({ currentTarget }) => {
          change(currentTarget.value);
        }}
      />
      <p id="json-problem" class="err" role="alert">
        {problem.value}
      </p>
      <IdleFaults state={state} />
    </div>
  );
}

function textOf(value: Parameters): string {
  return JSON.stringify(value, null, 2);
}

function standsFor(text: string, value: Parameters): boolean {
  try {
    return JSON.stringify(parseParameters(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}

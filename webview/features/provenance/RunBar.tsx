import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { ParameterSummary } from './ParameterSummary.tsx';
import { SimulateButton } from './SimulateButton.tsx';

/** What the next run is to be, and its button, at the lower edge of a page whose panel is below the fold. */
export function RunBar({ state }: { readonly state: StudioState }): VNode {
  return (
    <footer class="run-bar">
      <ParameterSummary state={state} />
      <SimulateButton state={state} />
    </footer>
  );
}

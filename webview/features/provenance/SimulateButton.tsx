import type { VNode } from 'preact';
import { refusalToRun, simulate } from '../../state/nextRun.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';

/** Of the system the page is looked at on, which need not be the one that runs it. */
const SHORTCUT = /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘⏎' : 'Ctrl+⏎';

export function SimulateButton({ state }: { readonly state: StudioState }): VNode {
  const refusal = refusalToRun(state);
  return (
    <Button
      kind="primary"
      mark="play"
      isDisabled={refusal !== undefined}
      title={refusal ?? 'Simulate Mesh with these parameters'}
      onPress={() => {
        simulate(state);
      }}
    >
      Simulate Mesh <kbd>{SHORTCUT}</kbd>
    </Button>
  );
}

/** True for the key press that starts the next run, whatever has the focus. */
export function isShortcut({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key === 'Enter' && (ctrlKey || metaKey);
}

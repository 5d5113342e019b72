import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';

/** Verifies a file from anywhere and shows what it proves; nothing is stored. */
export function ImportCapsim({ state }: { readonly state: StudioState }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const verify = (): void => {
    const { current } = input;
    const file = current?.files?.[0];
    if (current === null || file === undefined) return;
    void state.verifyFile(file.name, async () => new Uint8Array(await file.arrayBuffer()));
    // The same file chosen again is a change again.
    current.value = '';
  };
  return (
    <>
      <Button mark="import" onPress={() => input.current?.click()}>
        Import .capsim
      </Button>
      <input
        ref={input}
        type="file"
        accept=".capsim"
        aria-label="Evidence file to verify"
        hidden
        onChange={verify}
      />
    </>
  );
}

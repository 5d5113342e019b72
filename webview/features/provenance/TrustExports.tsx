import type { VNode } from 'preact';
import { trustFileName, TRUST_FORMATS, type TrustExport } from '../../../src/model/trustExport.ts';
import { readBoot } from '../../client/door.ts';
import { download } from '../../client/download.ts';
import { tellHost } from '../../client/editorApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';

/** Saves the chain of the selected box's Capsule, checked once more; where none is selected, the newest of all. */
export function TrustExports({ state }: { readonly state: StudioState }): VNode {
  const { graph, trusted } = state;
  const selected = graph.value?.nodes.find(({ id }) => id === trusted.value);
  const capsuleHash = selected?.capsuleHash;
  const subject =
    capsuleHash === undefined ? 'the newest chains' : `Capsule ${capsuleHash.slice(0, 8)}`;
  return (
    <div class="trust-exports" role="group" aria-label={`Export ${subject}`}>
      <span class="quiet">Export {subject}</span>
      {TRUST_FORMATS.map((format) => (
        <Button
          key={format}
          mark="export"
          title={`Checks the chain again and saves ${trustFileName({ format, capsuleHash })}`}
          onPress={() => {
            save(state, { format, capsuleHash });
          }}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}

function save(state: StudioState, wanted: TrustExport): void {
  if (readBoot().door === 'editor') {
    tellHost({ type: 'export-trust', ...wanted });
    return;
  }
  void state.attempt(async () => {
    download(await state.client.trust(wanted), trustFileName(wanted));
  });
}

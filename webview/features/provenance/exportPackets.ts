import { readBoot } from '../../client/door.ts';
import { download } from '../../client/download.ts';
import { tellHost } from '../../client/editorApi.ts';
import type { StudioState } from '../../state/studioState.ts';

/** Has the packets between services that a run kept saved as pcapng: by the browser, or by the editor. */
export function exportPackets(state: StudioState, simId: string): void {
  if (readBoot().door === 'editor') {
    tellHost({ type: 'export-packets', simId });
    return;
  }
  void state.attempt(async () => {
    download(await state.client.packets(simId), `${simId}.pcapng`);
  });
}

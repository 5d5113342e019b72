import { render } from 'preact';
import { openDoor, readBoot } from './client/door.ts';
import { onNavigate } from './client/editorDoor.ts';
import { StudioClient } from './client/studioClient.ts';
import { MeshSimEvidencePane } from './features/provenance/MeshSimEvidencePane.tsx';
import { Studio } from './features/provenance/Studio.tsx';
import { StudioState } from './state/studioState.ts';
import { applyFallbackTheme } from './theme/fallback.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';
import './theme/layout.css';
import './theme/provenance.css';
import './theme/run.css';
import './theme/topology.css';
import './theme/heatmap.css';
import './theme/panel.css';
import './theme/log.css';
import './theme/evidence.css';
import './theme/trust.css';
import './theme/narrow.css';
import { registerToolkit } from './ui/toolkit.ts';

applyFallbackTheme();
registerToolkit();

const boot = readBoot();
const state = new StudioState(new StudioClient(openDoor(boot)));
const root = document.getElementById('studio');
if (root === null) throw new Error('The page has no element for the Studio.');

if (boot.document === true) {
  render(<MeshSimEvidencePane state={state} />, root);
  void state.attempt(async () => {
    state.evidence.value = await state.client.verify(await state.client.document());
  });
} else {
  render(<Studio state={state} />, root);
  if (boot.view !== undefined) state.view.value = boot.view;
  if (boot.simId !== undefined) state.openRun(boot.simId, boot.view ?? 'run');
  if (boot.door === 'editor') {
    onNavigate(({ view, simId }) => {
      if (simId === undefined) state.view.value = view;
      else state.openRun(simId, view);
    });
  }
  void state.attempt(() =>
    state.client.watch(() => void state.refresh(), new AbortController().signal),
  );
}

import { effect } from '@preact/signals';
import { render } from 'preact';
import type { Boot } from '../src/model/boot.ts';
import { openDoor, readBoot } from './client/door.ts';
import { onNavigate } from './client/editorApi.ts';
import { pageMemory } from './client/pageMemory.ts';
import { StudioClient } from './client/studioClient.ts';
import { EvidenceDocument } from './features/provenance/EvidenceDocument.tsx';
import { Studio } from './features/provenance/Studio.tsx';
import { startWith } from './state/parameters.ts';
import { StudioState } from './state/studioState.ts';
import { applyFallbackTheme } from './theme/fallback.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';
import './theme/layout.css';
import './theme/provenance.css';
import './theme/run.css';
import './theme/lanes.css';
import './theme/transport.css';
import './theme/runNarrow.css';
import './theme/topology.css';
import './theme/heatmap.css';
import './theme/panel.css';
import './theme/log.css';
import './theme/evidence.css';
import './theme/objectives.css';
import './theme/replay.css';
import './theme/facts.css';
import './theme/trust.css';
import './theme/upgrade.css';
import './theme/explored.css';
import './theme/empty.css';
import './theme/narrow.css';
import './theme/deploy.css';
import './theme/links.css';
import './theme/hosts.css';
import './theme/regions.css';
import './theme/compare.css';
import { registerToolkit } from './ui/toolkit.ts';

applyFallbackTheme();
registerToolkit();

const boot = readBoot();
if (boot.defaults !== undefined) startWith(boot.defaults);
const state = new StudioState(new StudioClient(openDoor(boot)));
const root = document.getElementById('studio');
if (root === null) throw new Error('The page has no element for the Studio.');

if (boot.document === true) {
  render(<EvidenceDocument state={state} />, root);
  void state.verifyFile('this file', () => state.client.document());
} else {
  render(<Studio state={state} />, root);
  enter(boot);
}
addEventListener('pagehide', () => {
  state.suspend();
});

/** Goes where the page was, else where it is sent, and keeps up with the workspace while it is there. */
function enter(boot: Boot): void {
  const memory = pageMemory(boot);
  const place = memory.load();
  if (place !== undefined) state.restore(place);
  else if (boot.simId !== undefined) state.openRun(boot.simId, boot.view ?? 'run');
  else state.view.value = boot.view ?? 'run';
  effect(() => {
    memory.save(state.place.value);
  });
  if (boot.door === 'editor') {
    onNavigate(({ view, simId, runId }) => {
      // What the person asked for would else stand below it.
      state.deploy.close();
      if (simId !== undefined) state.openRun(simId, view);
      else state.showEntry(view, runId);
    });
  }
  state.watch();
  addEventListener('pageshow', ({ persisted }) => {
    // Out of the browser's cache with everything in memory, but with its streams closed.
    if (persisted) state.resume();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void state.refresh();
  });
}

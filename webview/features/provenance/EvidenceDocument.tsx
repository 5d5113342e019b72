import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { EvidenceFacts } from './EvidenceFacts.tsx';
import { MeshSimEvidencePane } from './MeshSimEvidencePane.tsx';
import { Banners } from './Studio.tsx';

/** One evidence file that an editor has open, from anywhere: the Evidence view and nothing around it. */
export function EvidenceDocument({ state }: { readonly state: StudioState }): VNode {
  return (
    <div class="studio shows-evidence shows-document">
      <div class="app">
        {state.progress.isSlow.value && (
          <span class="progress" role="progressbar" aria-label="Loading" />
        )}
        <Banners state={state} />
        <div class="columns">
          <main class="centre">
            {state.evidence.value !== undefined && <MeshSimEvidencePane state={state} />}
          </main>
          <aside class="side" aria-label="About this evidence">
            <EvidenceFacts state={state} />
          </aside>
        </div>
      </div>
    </div>
  );
}

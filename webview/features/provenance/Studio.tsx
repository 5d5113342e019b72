import type { VNode } from 'preact';
import { simulate } from '../../state/nextRun.ts';
import type { StudioState } from '../../state/studioState.ts';
import { useKeys } from '../../ui/useKeys.ts';
import { CompareView } from '../compare/CompareView.tsx';
import { ChainOfTrust } from './ChainOfTrust.tsx';
import { ChainStrip } from './ChainStrip.tsx';
import { DeployPane } from './DeployPane.tsx';
import { EmptyRun } from './EmptyRun.tsx';
import { EventLog } from './EventLog.tsx';
import { EvidenceFacts } from './EvidenceFacts.tsx';
import { LiveRun } from './LiveRun.tsx';
import { MeshSimEvidencePane } from './MeshSimEvidencePane.tsx';
import { MeshSimPanel } from './MeshSimPanel.tsx';
import { ProvenanceTimeline } from './ProvenanceTimeline.tsx';
import { RunBar } from './RunBar.tsx';
import { isShortcut } from './SimulateButton.tsx';
import { TopBar } from './TopBar.tsx';
import { TrustDetails } from './TrustDetails.tsx';

/** The whole page: the chain at the left, one view of it, and what belongs to that view at the right. */
export function Studio({ state }: { readonly state: StudioState }): VNode {
  const view = state.view.value;
  const isDeploying = state.deploy.capsuleHash.value !== undefined;
  useKeys((event) => {
    if (!isShortcut(event)) return;
    // Else the button that has the focus is pressed too.
    event.preventDefault();
    simulate(state);
  });
  return (
    <div class={`studio shows-${view} ${isDeploying ? 'is-deploying' : ''}`}>
      <div class="app">
        <TopBar state={state} />
        <Banners state={state} />
        <ChainStrip state={state} />
        <div class="columns">
          <ProvenanceTimeline state={state} />
          <main class="centre">
            {view === 'run' && <Run state={state} />}
            {view === 'evidence' && <MeshSimEvidencePane state={state} />}
            {view === 'trust' && <ChainOfTrust state={state} />}
            {view === 'compare' && <CompareView state={state} />}
          </main>
          <Side state={state} />
        </div>
        {view === 'run' && !isDeploying && <RunBar state={state} />}
      </div>
    </div>
  );
}

function Run({ state }: { readonly state: StudioState }): VNode {
  if (state.simId.value === undefined) return <EmptyRun state={state} />;
  if (state.frame.value >= 0 && state.run !== undefined) return <LiveRun state={state} />;
  const problem = state.runProblem.value;
  return <p class="nothing quiet">{problem === '' ? 'Reading the events of the run.' : problem}</p>;
}

function Side({ state }: { readonly state: StudioState }): VNode | null {
  const capsule = state.deploy.capsuleHash.value;
  if (capsule !== undefined) {
    return (
      <aside class="side" aria-label="Deploy">
        <DeployPane key={capsule} state={state} capsuleHash={capsule} />
      </aside>
    );
  }
  switch (state.view.value) {
    case 'run':
      return (
        <aside class="side" aria-label="Parameters and events">
          <MeshSimPanel state={state} />
          <EventLog state={state} />
        </aside>
      );
    case 'evidence':
      return (
        <aside class="side" aria-label="About this evidence">
          <EvidenceFacts state={state} />
        </aside>
      );
    case 'trust':
      return (
        // It scrolls, and of a gate there is nothing in it that could take the focus.
        <aside class="side" aria-label="Details" tabIndex={0}>
          <TrustDetails state={state} />
        </aside>
      );
    case 'compare':
      // Two runs take the whole width.
      return null;
  }
}

/** What just failed, and why nothing can be run here. */
export function Banners({ state }: { readonly state: StudioState }): VNode {
  const problem = state.problem.value;
  const refusal = state.workspace.value?.refusal;
  return (
    <>
      {problem !== '' && (
        <div class="problem-banner" role="alert">
          <span>{problem}</span>
          <button
            type="button"
            class="link"
            onClick={() => {
              state.retry();
            }}
          >
            Retry
          </button>
          <button type="button" class="link" onClick={() => (state.problem.value = '')}>
            Dismiss
          </button>
        </div>
      )}
      {refusal !== undefined && <p class="notice">{refusal}</p>}
    </>
  );
}

import type { VNode } from 'preact';
import type { StudioState, View } from '../../state/studioState.ts';
import { ChainOfTrust } from './ChainOfTrust.tsx';
import { EventLog } from './EventLog.tsx';
import { LiveRun } from './LiveRun.tsx';
import { MeshSimEvidencePane } from './MeshSimEvidencePane.tsx';
import { MeshSimPanel } from './MeshSimPanel.tsx';
import { ProvenanceTimeline } from './ProvenanceTimeline.tsx';

const VIEWS: readonly (readonly [View, string])[] = [
  ['run', 'Run'],
  ['evidence', 'Evidence'],
  ['trust', 'Trust'],
];

export function Studio({ state }: { readonly state: StudioState }): VNode {
  const view = state.view.value;
  return (
    <div class="studio">
      <TopBar state={state} />
      {state.problem.value !== '' && (
        <p class="problem" role="alert">
          {state.problem.value}
          <button type="button" onClick={() => (state.problem.value = '')}>
            Dismiss
          </button>
        </p>
      )}
      <div class="columns">
        <ProvenanceTimeline state={state} />
        <main class="centre">
          {view === 'run' && <LiveRun state={state} />}
          {view === 'evidence' && <MeshSimEvidencePane state={state} />}
          {view === 'trust' && <ChainOfTrust state={state} />}
        </main>
        <aside class="side" aria-label="Parameters and events">
          <MeshSimPanel state={state} />
          {view === 'run' && <EventLog state={state} />}
        </aside>
      </div>
    </div>
  );
}

function TopBar({ state }: { readonly state: StudioState }): VNode {
  const workspace = state.workspace.value;
  const show = (view: View): void => {
    state.view.value = view;
    if (view === 'evidence') state.loadEvidence();
  };
  return (
    <header class="top">
      <h1>
        Mesh-Sim Studio <span class="quiet">/ {workspace?.product ?? workspace?.folder ?? ''}</span>
      </h1>
      <nav aria-label="Views">
        {VIEWS.map(([view, label]) => (
          <button
            key={view}
            type="button"
            class="tab"
            aria-current={state.view.value === view ? 'page' : undefined}
            onClick={() => {
              show(view);
            }}
          >
            {label}
          </button>
        ))}
      </nav>
      {workspace?.signer !== undefined && (
        <span class="signer quiet" title={workspace.signer.fingerprint}>
          Signing as {workspace.signer.name}{' '}
          <code>{workspace.signer.fingerprint.slice(7, 15)}</code>
        </span>
      )}
    </header>
  );
}

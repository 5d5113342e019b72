import type { VNode } from 'preact';
import type { Integrity, ProvenanceRun } from '../../../src/model/api.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark, type MarkName } from '../../ui/Mark.tsx';
import { startRequest } from '../../state/parameters.ts';
import { clockTime, dayOf, short } from './format.ts';

const GLYPHS: Record<ProvenanceRun['kind'], MarkName> = {
  pack: 'pack',
  simulation: 'mesh',
  'gate-decision': 'shield',
  deploy: 'rocket',
};

/** Every provenance run, newest first, and whether the chain they form holds. */
export function ProvenanceTimeline({ state }: { readonly state: StudioState }): VNode {
  const page = state.page.value;
  const days = Map.groupBy(page?.runs ?? [], ({ at }) => dayOf(at));
  return (
    <section class="provenance" aria-label="Provenance">
      <h2>Provenance</h2>
      {page !== undefined && <Chain integrity={page.integrity} />}
      {page?.runs.length === 0 && <NothingYet state={state} />}
      {[...days].map(([day, runs]) => (
        <div key={day}>
          <h3>{day}</h3>
          <ul class="rail">
            {runs.map((run) => (
              <Row key={run.runId} run={run} state={state} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Chain({ integrity }: { readonly integrity: Integrity }): VNode {
  const { status, verified, size, sentence } = integrity;
  if (status === 'empty') return <p class="chain quiet">{sentence}</p>;
  if (status === 'intact') {
    return (
      <p class="chain" title={sentence}>
        <Mark name="link" tone="ok" /> Chain intact{' '}
        <span class="quiet">
          {verified} of {size}
        </span>
      </p>
    );
  }
  return (
    <p class="chain broken" role="alert">
      <Mark name="fail" tone="err" /> Chain broken. {sentence}
    </p>
  );
}

function NothingYet({ state }: { readonly state: StudioState }): VNode {
  const workspace = state.workspace.value;
  const refusal =
    workspace?.refusal ??
    (workspace?.hasGit === false ? 'This folder is not in a git repository.' : undefined) ??
    (workspace?.hasRegistry === false ? 'There is no mesh.services.json here yet.' : undefined);
  const pack = (): void => {
    void state.attempt(async () => {
      await state.client.pack();
      await state.refresh();
    });
  };
  return (
    <div class="nothing">
      <p>Pack a workspace to start the chain.</p>
      {refusal !== undefined && <p class="quiet">{refusal}</p>}
      <Button kind="primary" isDisabled={refusal !== undefined} onPress={pack}>
        Pack
      </Button>
    </div>
  );
}

function Row({ run, state }: { readonly run: ProvenanceRun; readonly state: StudioState }): VNode {
  const { simId } = run;
  const isSelected = simId === undefined ? false : simId === state.simId.value;
  const open = (): void => {
    state.capsuleHash.value = run.capsuleHash;
    if (simId !== undefined)
      state.openRun(simId, state.view.value === 'evidence' ? 'evidence' : 'run');
  };
  const simulate = (): void => {
    void state.attempt(async () => {
      state.capsuleHash.value = run.capsuleHash;
      state.openRun((await state.client.start(startRequest(run.capsuleHash))).simId);
    });
  };
  return (
    <li
      class={`row ${run.isProven ? '' : 'unproven'}`}
      aria-current={isSelected ? 'true' : undefined}
    >
      <Mark name={GLYPHS[run.kind]} tone="glyph" />
      <button type="button" class="row-open" onClick={open}>
        <span class="row-title">{run.title}</span>
        <time dateTime={run.at}>{clockTime(run.at)}</time>
      </button>
      <Outcome run={run} />
      <span class="row-summary">{run.isProven ? run.summary : `unproven: ${run.summary}`}</span>
      <span class="row-chain">
        <code>
          {short(run.runId)} {run.previous === undefined ? '' : `← ${short(run.previous)}`}
        </code>
        <span>{run.signer?.name}</span>
      </span>
      <div class="row-actions">
        <Button isDisabled={state.workspace.value?.refusal !== undefined} onPress={simulate}>
          Simulate Mesh
        </Button>
      </div>
    </li>
  );
}

function Outcome({ run }: { readonly run: ProvenanceRun }): VNode | null {
  switch (run.status) {
    case 'pass':
    case 'fail':
      return (
        <span class="row-outcome">
          <span class={`badge ${run.status}`}>Simulation Evidence</span>
          <span class={run.status === 'pass' ? 'ok' : 'err'}>
            <Mark name={run.status} /> {run.status.toUpperCase()}
          </span>
        </span>
      );
    case 'running':
      return <span class="badge pending">Evidence pending</span>;
    case 'refused':
      return (
        <span class="err">
          <Mark name="slash" /> REFUSED
        </span>
      );
    case 'allowed':
    case 'deployed':
      return (
        <span class="ok">
          <Mark name="pass" /> {run.status.toUpperCase()}
        </span>
      );
    case 'packed':
    case 'unfinished':
      return null;
  }
}

import type { VNode } from 'preact';
import type { ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { ChainWords } from './ChainHeader.tsx';
import { clockTime, short } from './format.ts';
import { canDeploy } from './RowActions.tsx';

/** The timeline of a narrow page: one entry at a time. */
export function ChainStrip({ state }: { readonly state: StudioState }): VNode {
  const page = state.page.value;
  const runs = page?.runs ?? [];
  const run = state.selectedRun.value;
  const refusal = state.refusal.value;
  const choose = ({ currentTarget }: { readonly currentTarget: HTMLSelectElement }): void => {
    const run = runs.find(({ runId }) => runId === currentTarget.value);
    if (run !== undefined) state.openEntry(run);
  };
  return (
    <nav class="chain-strip" aria-label="Chain">
      <span class="quiet">Chain</span>
      <select
        aria-label="Provenance entry"
        value={state.selectedRun.value?.runId ?? ''}
        onChange={choose}
      >
        <option value="" disabled>
          {runs.length === 0 ? 'no entries yet' : 'choose an entry'}
        </option>
        {runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            {labelOf(run)}
          </option>
        ))}
      </select>
      {run !== undefined && canDeploy(run) && state.workspace.value?.hasEnvironments === true && (
        <IconButton
          mark="rocket"
          label={refusal === undefined ? 'Deploy' : `Deploy: ${refusal}`}
          isDisabled={refusal !== undefined}
          onPress={() => {
            state.deploy.open(run.capsuleHash);
          }}
        />
      )}
      {page !== undefined && <ChainWords integrity={page.integrity} />}
    </nav>
  );
}

/** An entry in one line of a list. */
export function labelOf(run: ProvenanceRun): string {
  const { simId, kind, title, capsuleHash, at } = run;
  const name = simId === undefined ? title : `${simId.slice(0, 8)}, ${wordOf(run)}`;
  const pack = kind === 'pack' ? '' : ` of Pack ${short(capsuleHash)}`;
  return `${name}${pack}, ${clockTime(at)}`;
}

function wordOf({ status, isProven }: ProvenanceRun): string {
  if (!isProven) return 'unproven';
  return status === 'pass' || status === 'fail' ? status.toUpperCase() : status;
}

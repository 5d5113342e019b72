import type { VNode } from 'preact';
import type { ProvenanceRun } from '../../../src/model/provenanceApi.ts';
import { startRequest } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { isSealed, runBefore } from '../../state/timeline.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Button } from '../../ui/Button.tsx';

interface RowActionsProps {
  readonly run: ProvenanceRun;
  readonly state: StudioState;
  readonly isSelected: boolean;
}

/** What can be done from an entry: spelled out on the selected row, as a sign on the one under the pointer or with focus. */
export function RowActions({ run, state, isSelected }: RowActionsProps): VNode {
  const refusal = state.refusal.value;
  const simulate = (): void => {
    void state.attempt(async () => {
      state.capsuleHash.value = run.capsuleHash;
      state.openRun((await state.client.start(startRequest(run.capsuleHash))).simId);
    });
  };
  const deploy = (): void => {
    state.deploy.open(run.capsuleHash);
  };
  const compare = (): void => {
    // Against the one before it, until the person chooses another.
    state.compare.choose(runBefore(state.page.value?.runs ?? [], run)?.simId, run.simId);
    state.show('compare');
  };
  const isFromHere = canDeploy(run);
  const hasEnvironments = state.workspace.value?.hasEnvironments === true;
  if (isSelected) {
    return (
      <>
        <div class="row-actions">
          <Button
            mark="play"
            isDisabled={refusal !== undefined}
            title={refusal ?? ''}
            onPress={simulate}
          >
            {run.kind === 'simulation' ? 'Simulate again' : 'Simulate Mesh'}
          </Button>
          {isSealed(run) && (
            <Button mark="compare" title="Shows it beside another run" onPress={compare}>
              Compare with…
            </Button>
          )}
          {isFromHere && hasEnvironments && (
            <Button
              mark="rocket"
              isDisabled={refusal !== undefined}
              title={refusal ?? 'Shows what each gate says first'}
              onPress={deploy}
            >
              Deploy
            </Button>
          )}
        </div>
        {isFromHere && !hasEnvironments && state.workspace.value !== undefined && (
          <p class="row-note quiet">
            Nowhere to deploy to yet: describe environments in <code>mesh.environments.json</code>{' '}
            (docs/deploy.md).
          </p>
        )}
        {isFromHere && hasEnvironments && refusal !== undefined && (
          <p class="row-note quiet">{refusal}</p>
        )}
      </>
    );
  }
  return (
    <div class="row-hover">
      <IconButton
        mark="play"
        label="Simulate Mesh"
        isDisabled={refusal !== undefined}
        onPress={simulate}
      />
      {isSealed(run) && <IconButton mark="compare" label="Compare with…" onPress={compare} />}
      {isFromHere && hasEnvironments && (
        <IconButton
          mark="rocket"
          label={refusal === undefined ? 'Deploy' : `Deploy: ${refusal}`}
          isDisabled={refusal !== undefined}
          onPress={deploy}
        />
      )}
    </div>
  );
}

/** From a Capsule, and from the evidence about one. */
export function canDeploy({ kind, status }: ProvenanceRun): boolean {
  return kind === 'pack' || status === 'pass' || (status === 'fail' && kind === 'simulation');
}

import type { VNode } from 'preact';
import { refusalToRun, simulate } from '../../state/nextRun.ts';
import { parameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { short } from './format.ts';
import { GhostChart } from './GhostChart.tsx';
import { ImportCapsim } from './ImportCapsim.tsx';

/** The Run view before a run is chosen: what a run will look like, and the next thing to do. */
export function EmptyRun({ state }: { readonly state: StudioState }): VNode | null {
  const { workspace, page, capsuleHash } = state;
  if (workspace.value === undefined || page.value === undefined) return null;
  const capsule = capsuleHash.value;
  if (capsule === undefined) return <NoPack state={state} />;
  const runs = page.value.runs.filter(
    (run) => run.kind === 'simulation' && run.capsuleHash === capsule,
  ).length;
  const refusal = refusalToRun(state);
  return (
    <div class="empty">
      <GhostChart />
      <h2>
        {runs === 0
          ? `Pack ${short(capsule)} has not been simulated`
          : `Pack ${short(capsule)} was simulated ${runs === 1 ? 'once' : `${runs} times`}`}
      </h2>
      <p>
        Simulate Mesh starts {parameters.value.params.nodes} local node processes, sends this
        Capsule over the emulated network and checks its signature at every hop. Its outcome becomes
        signed evidence.{runs > 0 && ' Earlier runs are in the timeline.'}
      </p>
      <div class="actions">
        <Button
          mark="play"
          kind="primary"
          isDisabled={refusal !== undefined}
          title={refusal ?? ''}
          onPress={() => {
            simulate(state);
          }}
        >
          Simulate Mesh
        </Button>
        <ImportCapsim state={state} />
      </div>
      {refusal !== undefined && <p>{refusal}</p>}
    </div>
  );
}

/** Nothing was ever packed here. */
function NoPack({ state }: { readonly state: StudioState }): VNode {
  const refusal = packRefusal(state);
  return (
    <div class="empty">
      <GhostChart />
      <h2>Pack a workspace to start the chain</h2>
      <p>
        Pack seals the committed code of every service in mesh.services.json as one signed Capsule.
        A run rehearses its deploy, and its evidence names exactly that Capsule.
      </p>
      <div class="actions">
        <PackButton state={state} />
        <ImportCapsim state={state} />
      </div>
      {refusal !== undefined && <p>{refusal}</p>}
    </div>
  );
}

export function PackButton({ state }: { readonly state: StudioState }): VNode {
  const refusal = packRefusal(state);
  const pack = (): void => {
    void state.attempt(async () => {
      await state.client.pack();
      await state.refresh();
    });
  };
  return (
    <Button kind="primary" isDisabled={refusal !== undefined} title={refusal ?? ''} onPress={pack}>
      Pack
    </Button>
  );
}

/** Why nothing can be packed here, and what to do; undefined: it can. */
function packRefusal({ workspace, refusal }: StudioState): string | undefined {
  if (refusal.value !== undefined) return refusal.value;
  if (workspace.value?.hasGit === false) {
    return 'This folder is not in a git repository: run "git init" and commit, since a Capsule holds commits.';
  }
  if (workspace.value?.hasRegistry === false) {
    return 'There is no mesh.services.json here yet: it names the services, their folders and how to start them.';
  }
  return undefined;
}

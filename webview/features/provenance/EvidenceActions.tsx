import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import { otherHosts, placementWords } from '../../../src/model/hostPlacement.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { startRequestOf } from '../../../src/model/startRequest.ts';
import { readBoot } from '../../client/door.ts';
import { download } from '../../client/download.ts';
import { tellHost } from '../../client/editorApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';

interface EvidenceActionsProps {
  readonly state: StudioState;
  readonly evidence: Evidence;
}

/** Replay, export and verify. A document of the editor has no Studio around it: it can only be verified again. */
export function EvidenceActions({ state, evidence }: EvidenceActionsProps): VNode {
  const origin = state.origin.value;
  const isDocument = readBoot().document === true;
  return (
    <div class="evidence-actions">
      {!isDocument && <Replay state={state} evidence={evidence} />}
      {origin?.kind === 'run' && (
        <Button
          mark="export"
          onPress={() => {
            save(state, origin.simId);
          }}
        >
          Export .capsim
        </Button>
      )}
      <Button
        mark="seal"
        onPress={() => {
          state.verifyAgain();
        }}
      >
        Verify
      </Button>
    </div>
  );
}

function Replay({ state, evidence }: EvidenceActionsProps): VNode | null {
  const extension = evidence.statement?.predicate.meshsim_evidence;
  const origin = state.origin.value;
  if (extension === undefined) return null;
  const refusal = state.refusal.value ?? refusalByHosts(state, extension.plan);
  const hosts = placementWords(extension.plan.hosts, extension.plan.params.nodes);
  const again = 'Runs again with the same plan: nodes, links, faults and seed';
  const replay = (): void => {
    void state.attempt(async () => {
      const started =
        origin?.kind === 'run'
          ? await state.client.replay(origin.simId)
          : // A run from elsewhere: the Capsule must be in this workspace.
            await state.client.start(startRequestOf(extension.plan));
      state.openRun(started.simId);
    });
  };
  return (
    <Button
      mark="play"
      kind="primary"
      isDisabled={refusal !== undefined}
      title={refusal ?? (hosts === '' ? again : `${again}; ${hosts}`)}
      onPress={replay}
    >
      Replay Simulation
    </Button>
  );
}

/** Before it is asked for: a replay takes the hosts of its run. */
function refusalByHosts({ workspace }: StudioState, plan: Plan): string | undefined {
  const described = workspace.value?.hosts ?? [];
  const missing = otherHosts(plan.hosts, plan.params.nodes)
    .map(({ host }) => host)
    .filter((host) => !described.includes(host));
  if (missing.length === 0) return undefined;
  return `Its nodes lived on ${missing.join(' and ')}, which mesh.hosts.json does not describe.`;
}

function save(state: StudioState, simId: string): void {
  if (readBoot().door === 'editor') {
    tellHost({ type: 'export', simId });
    return;
  }
  void state.attempt(async () => {
    download(await state.client.artifact(simId), `${simId}.capsim`);
  });
}

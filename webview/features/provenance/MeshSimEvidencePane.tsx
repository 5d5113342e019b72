import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import type { StudioState } from '../../state/studioState.ts';
import { EvidenceHead } from './EvidenceHead.tsx';
import { ExploredSeeds } from './ExploredSeeds.tsx';
import { HostsEvidence } from './HostsEvidence.tsx';
import { ImportCapsim } from './ImportCapsim.tsx';
import { Invariants } from './Invariants.tsx';
import { NodeHealth } from './NodeHealth.tsx';
import { Objectives } from './Objectives.tsx';
import { PacketReplay } from './PacketReplay.tsx';
import { UpgradeEvidence } from './UpgradeEvidence.tsx';

/** What a sealed run proves, how that was checked, and how the run went. */
export function MeshSimEvidencePane({ state }: { readonly state: StudioState }): VNode {
  const evidence = state.evidence.value;
  if (evidence === undefined) return <NoEvidence state={state} />;
  const extension = evidence.statement?.predicate.meshsim_evidence;
  return (
    <div class="evidence">
      <EvidenceHead state={state} evidence={evidence} />
      {evidence.verdict === 'invalid' && <Tampered state={state} evidence={evidence} />}
      {extension !== undefined && (
        <>
          <Objectives indicators={extension.indicators} baseline={evidence.baseline} />
          {'upgrade' in extension && (
            <UpgradeEvidence
              upgrade={extension.upgrade}
              planned={extension.plan.upgrade}
              capsuleHash={extension.result.capsuleHash}
              indicators={extension.indicators}
            />
          )}
          {'hosts' in extension && extension.hosts !== undefined && (
            <HostsEvidence hosts={extension.hosts} />
          )}
          <Invariants invariants={extension.invariants} />
          <div class="evidence-duo">
            <NodeHealth state={state} extension={extension} />
            <PacketReplay state={state} evidence={evidence} extension={extension} />
          </div>
        </>
      )}
      <ExploredSeeds state={state} />
    </div>
  );
}

/** Evidence that does not hold: which check failed, and what was expected. */
function Tampered({
  state,
  evidence,
}: {
  readonly state: StudioState;
  readonly evidence: Evidence;
}): VNode {
  const failed = evidence.steps.find(({ status }) => status === 'failed');
  const { difference } = evidence;
  return (
    <section class="tampered" role="alert">
      <p>
        <strong>
          This evidence proves nothing: its check of the {failed?.name ?? 'file'} failed.
        </strong>{' '}
        {evidence.sentence}
      </p>
      {difference !== undefined && (
        <dl>
          <dt>Expected by the ledger</dt>
          <dd>
            <code>{difference.expected}</code>
          </dd>
          <dt>Found in the file</dt>
          <dd>
            <code>{difference.found}</code>
          </dd>
        </dl>
      )}
      <button
        type="button"
        class="link"
        onClick={() => {
          state.verifyAgain();
        }}
      >
        Verify again
      </button>
    </section>
  );
}

function NoEvidence({ state }: { readonly state: StudioState }): VNode {
  const run = state.selectedRun.value;
  return (
    <div class="empty">
      <h2>{titleFor(run?.status)}</h2>
      <p>{sentenceFor(run?.status)}</p>
      <div class="actions">
        <ImportCapsim state={state} />
      </div>
    </div>
  );
}

type Status = NonNullable<StudioState['selectedRun']['value']>['status'] | undefined;

function titleFor(status: Status): string {
  if (status === 'running') return 'Evidence pending';
  if (status === 'unfinished') return 'This run was never sealed';
  return 'No evidence selected';
}

function sentenceFor(status: Status): string {
  if (status === 'running') return 'The evidence is signed when the run ends.';
  if (status === 'unfinished') {
    return 'It was started and did not end, so nothing was signed. Simulate again from the timeline.';
  }
  return 'Select a sealed run in the timeline, or verify a .capsim file from anywhere.';
}

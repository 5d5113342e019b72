import type { VNode } from 'preact';
import type { StudioState } from '../../state/studioState.ts';
import { CapsimParts } from './CapsimParts.tsx';
import { EvidenceGates } from './EvidenceGates.tsx';
import { EvidenceParameters } from './EvidenceParameters.tsx';
import { HopLatency } from './HopLatency.tsx';
import { VerificationSteps } from './VerificationSteps.tsx';

/** What belongs to the evidence: its parameters, how it was verified, its latencies and what the file holds. */
export function EvidenceFacts({ state }: { readonly state: StudioState }): VNode {
  const evidence = state.evidence.value;
  if (evidence === undefined) {
    return <p class="nothing quiet">Parameters and checks of the selected evidence appear here.</p>;
  }
  const extension = evidence.statement?.predicate.meshsim_evidence;
  return (
    <div class="facts">
      {extension !== undefined && (
        <EvidenceParameters extension={extension} parts={evidence.parts} />
      )}
      <VerificationSteps evidence={evidence} />
      {state.origin.value?.kind === 'run' && extension !== undefined && (
        <EvidenceGates state={state} result={extension.result} />
      )}
      {extension !== undefined && <HopLatency extension={extension} baseline={evidence.baseline} />}
      <CapsimParts parts={evidence.parts} />
    </div>
  );
}

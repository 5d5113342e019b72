import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import { causeOf } from '../../../src/model/outcome.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';
import { EvidenceActions } from './EvidenceActions.tsx';
import { EvidenceStamp } from './EvidenceStamp.tsx';
import { clockTime, dayOf, hash12, seconds } from './format.ts';
import { KeyPicture } from './KeyPicture.tsx';

/** The outcome, what it covers, who signed it, and what can be done with it. */
export function EvidenceHead({
  state,
  evidence,
}: {
  readonly state: StudioState;
  readonly evidence: Evidence;
}): VNode {
  const extension = evidence.statement?.predicate.meshsim_evidence;
  const result = extension?.result;
  const cause =
    extension?.result.outcome === 'fail'
      ? causeOf(extension.result.nodeReports, extension.invariants)
      : '';
  return (
    <header class="evidence-head">
      <EvidenceStamp evidence={evidence} />
      <div class="evidence-words">
        <h2>Simulation Evidence{nameOf(state, result?.simId)}</h2>
        {cause !== '' && <p class="cause err">{cause}</p>}
        {result !== undefined && (
          <p class="evidence-covers">
            <span title={result.startedAt}>
              {dayOf(result.startedAt)} {clockTime(result.startedAt)},{' '}
              {seconds(Date.parse(result.endedAt) - Date.parse(result.startedAt))}
            </span>
            <span title={result.capsuleHash}>
              Capsule <code>{hash12(result.capsuleHash)}</code>
            </span>
            {evidence.ledger !== undefined && (
              <span title={`Entry ${evidence.ledger.index} of ${evidence.ledger.origin}`}>
                Entry <code>{hash12(evidence.ledger.leafHash)}</code>
              </span>
            )}
          </p>
        )}
        <Signature evidence={evidence} />
      </div>
      <EvidenceActions state={state} evidence={evidence} />
    </header>
  );
}

function nameOf(state: StudioState, signed: string | undefined): string {
  const origin = state.origin.value;
  const simId = signed ?? (origin?.kind === 'run' ? origin.simId : undefined);
  if (simId !== undefined) return `, ${simId.slice(0, 8)}`;
  return origin?.kind === 'file' ? `, ${origin.name}` : '';
}

function Signature({ evidence }: { readonly evidence: Evidence }): VNode {
  const { signer, verdict } = evidence;
  return (
    <div class="signature">
      {signer !== undefined && <KeyPicture publicKey={signer.publicKey} />}
      <div>
        <p class="signature-line">
          <Verdict verdict={verdict} />
          {signer !== undefined && (
            <span class="quiet">{signer.name ?? 'a key without a name here'}, ed25519</span>
          )}
        </p>
        {signer !== undefined && <code class="fingerprint">{signer.fingerprint}</code>}
      </div>
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: Evidence['verdict'] }): VNode {
  switch (verdict) {
    case 'verified':
      return (
        <span class="ok">
          <Mark name="seal" /> Signature valid
        </span>
      );
    case 'untrusted':
      return (
        <span class="warn">
          <Mark name="slash" /> Signature matches, but its signer is not trusted here
        </span>
      );
    case 'policy-not-met':
      return (
        <span class="warn">
          <Mark name="slash" /> Signature valid, policy not met
        </span>
      );
    case 'invalid':
      return (
        <span class="err">
          <Mark name="fail" /> Not valid
        </span>
      );
  }
}

import type { VNode } from 'preact';
import type { Evidence, VerificationStep } from '../../../src/model/api.ts';
import { Mark, type MarkName } from '../../ui/Mark.tsx';

/** What a person calls a step; the sentence says what it found. */
const NAMES: Readonly<Record<string, string>> = {
  file: 'File, canonical JSON',
  container: 'Container, Sigstore bundle',
  signer: 'Signer is trusted',
  signature: 'Signature, ed25519',
  statement: 'Statement, in-toto',
  subject: 'Capsule digest',
  result: 'Result digest',
  capsule: "Capsule's own signature",
  from: 'Signature of the Capsule before',
  meaning: 'Outcome follows from reports',
  ledger: 'Proof of the ledger entry',
  policy: 'Policy',
  events: 'Event log digest',
  recorded: 'What the ledger recorded',
};

const MARKS: Record<VerificationStep['status'], MarkName> = {
  ok: 'pass',
  failed: 'fail',
  skipped: 'pending',
};
const TONES: Record<VerificationStep['status'], string> = { ok: 'ok', failed: 'err', skipped: '' };

/** Every check in the order it was made, by the server and not by this page. */
export function VerificationSteps({ evidence }: { readonly evidence: Evidence }): VNode {
  return (
    <section class="verification" aria-label="Verification">
      <h3 class="section-head">
        Verification
        <time class="head-end quiet" dateTime={evidence.checkedAt}>
          checked {new Date(evidence.checkedAt).toLocaleTimeString([], { hourCycle: 'h23' })}
        </time>
      </h3>
      <ol class="steps">
        {evidence.steps.map(({ name, status, sentence }) => (
          <li key={name} class={`is-${status}`}>
            <details open={status === 'failed'}>
              <summary>
                <Mark name={MARKS[status]} tone={TONES[status]} />
                <span>{NAMES[name] ?? name}</span>
                {status !== 'ok' && <span class="step-status">{status}</span>}
              </summary>
              <p>{sentence}</p>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

import type { VNode } from 'preact';
import type { Evidence } from '../../../src/model/api.ts';
import { Mark } from '../../ui/Mark.tsx';

/** The outcome as one sign. An outcome is stamped only when the evidence holds and its signer is trusted here. */
export function EvidenceStamp({ evidence }: { readonly evidence: Evidence }): VNode {
  const outcome = evidence.statement?.predicate.meshsim_evidence.result.outcome;
  switch (evidence.verdict) {
    case 'verified':
      return outcome === 'pass' ? (
        <Stamp tone="ok" mark="pass" word="PASS" />
      ) : (
        <Stamp tone="err" mark="fail" word="FAIL" />
      );
    case 'untrusted':
      return <Stamp tone="warn" mark="slash" word="UNTRUSTED" />;
    case 'policy-not-met':
      return <Stamp tone="warn" mark="slash" word="POLICY" />;
    case 'invalid':
      return <Stamp tone="err" mark="slash" word="INVALID" />;
  }
}

function Stamp(props: {
  readonly tone: 'ok' | 'err' | 'warn';
  readonly mark: 'pass' | 'fail' | 'slash';
  readonly word: string;
}): VNode {
  return (
    <div class={`stamp ${props.tone}`} role="img" aria-label={`Outcome ${props.word}`}>
      <Mark name={props.mark} />
      <strong>{props.word}</strong>
    </div>
  );
}

import type { VNode } from 'preact';
import type { Decision, RuleResult } from '../../../src/model/deploy.ts';
import { Mark } from '../../ui/Mark.tsx';

/** What a gate found, rule by rule: what failed first, and how many had nothing to be checked on. */
export function GateRules({ rules }: { readonly rules: readonly RuleResult[] }): VNode {
  const failed = rules.filter(({ status }) => status === 'failed');
  const held = rules.filter(({ status }) => status === 'ok');
  const skipped = rules.length - failed.length - held.length;
  return (
    <>
      <ul class="rules">
        {[...failed, ...held].map(({ rule, status, sentence }) => (
          <li key={rule} class={`is-${status}`} title={rule}>
            {status === 'ok' ? <Mark name="pass" tone="ok" /> : <Mark name="fail" tone="err" />}
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
      {skipped > 0 && (
        <p class="rules-skipped quiet">
          {skipped === 1 ? 'One rule has' : `${skipped} rules have`} nothing to be checked on.
        </p>
      )}
    </>
  );
}

export function GateWord({ decision }: Pick<Decision, 'decision'>): VNode {
  const isAllowed = decision === 'allow';
  return (
    <span class={`outcome-word ${isAllowed ? 'ok' : 'err'}`}>
      <Mark name={isAllowed ? 'pass' : 'slash'} /> {isAllowed ? 'ALLOWED' : 'REFUSED'}
    </span>
  );
}

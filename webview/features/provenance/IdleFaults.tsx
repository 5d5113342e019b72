import type { VNode } from 'preact';
import { idleFaultSentence } from '../../../src/model/faultsWithoutEffect.ts';
import { idleFaults } from '../../state/idleFaults.ts';
import { parameters } from '../../state/parameters.ts';
import { Mark } from '../../ui/Mark.tsx';

/** Of 64 faults, more say the same. */
const SHOWN = 4;

/** What of the chaos cannot do anything. Always there, so that a screen reader hears of it when it comes. */
export function IdleFaults(): VNode {
  const idle = idleFaults(parameters.value);
  const rest = idle.length - SHOWN;
  return (
    <div role="status" aria-label="Faults without effect" class="idle-faults">
      {idle.slice(0, SHOWN).map((each) => (
        <p key={each.fault}>
          <Mark name="warning" tone="warn" />
          <span>{idleFaultSentence(each)}</span>
        </p>
      ))}
      {rest > 0 && (
        <p>
          <span>and {rest} more</span>
        </p>
      )}
    </div>
  );
}

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { faultsBeyond, needsOf, type MachineLacks } from '../../../src/model/faultNeeds.ts';
import { idleFaultSentence } from '../../../src/model/faultsWithoutEffect.ts';
import { idleFaults } from '../../state/idleFaults.ts';
import { parameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Mark } from '../../ui/Mark.tsx';

/** Of 64 faults, more say the same. */
const SHOWN = 4;

/**
 * What of the chaos cannot do anything, or not on the machine that runs nodes. Always there, so that a screen reader hears of it
 * when it comes.
 */
export function IdleFaults({ state }: { readonly state: StudioState }): VNode {
  const { chaos, params } = parameters.value;
  const lacks = useLacks(state, needsOf(chaos, params.nodes).length > 0);
  const sentences = [
    ...idleFaults(parameters.value).map(idleFaultSentence),
    ...faultsBeyond(lacks, chaos, params.nodes),
  ];
  const rest = sentences.length - SHOWN;
  return (
    <div role="status" aria-label="Faults without effect" class="idle-faults">
      {sentences.slice(0, SHOWN).map((sentence) => (
        <p key={sentence}>
          <Mark name="warning" tone="warn" />
          <span>{sentence}</span>
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

/** What the machine lacks, once some fault takes something of it; nothing where it cannot be found out. */
function useLacks({ client }: StudioState, isAsked: boolean): MachineLacks {
  const lacks = useSignal<MachineLacks>({});
  useEffect(() => {
    if (!isAsked) return;
    void client.machine().then(
      (machine) => (lacks.value = machine.lacks),
      () => undefined,
    );
  }, [isAsked]);
  return lacks.value;
}

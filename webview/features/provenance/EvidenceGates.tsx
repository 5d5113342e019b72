import type { VNode } from 'preact';
import type { EvidenceExtension } from '../../../src/model/evidence.ts';
import type { StudioState } from '../../state/studioState.ts';
import { GateRules, GateWord } from './GateRules.tsx';
import { environmentIn, useEnvironments } from './useEnvironments.ts';

/** What the gates of production say of the Capsule now. They judge its newest rehearsal, which may be another one. */
export function EvidenceGates(props: {
  readonly state: StudioState;
  readonly result: EvidenceExtension['result'];
}): VNode | null {
  const { state, result } = props;
  const answer = useEnvironments(state, result.capsuleHash);
  if (answer === undefined) return null;
  if (answer.problem !== '') {
    return (
      <section class="gate" aria-label="Gate">
        <h3 class="section-head">Gate</h3>
        <p class="rules-skipped err">{answer.problem}</p>
      </section>
    );
  }
  const chosen = environmentIn(answer.list, state.deploy.environment.value);
  const shown = answer.list.filter((one) => one.production || one === chosen);
  return (
    <>
      {shown.map(({ name, preview }) => {
        if (preview === undefined) return null;
        const { decision } = preview;
        const judged = decision.evidence?.simId;
        return (
          <section key={name} class="gate" aria-label={`Gate ${name}`}>
            <h3 class="section-head">
              Gate {name}
              <span class="head-end">
                <GateWord decision={decision.decision} />
              </span>
            </h3>
            {judged !== undefined && judged !== result.simId && (
              <p class="rules-skipped quiet">
                It judges the newest rehearsal of this Capsule, {judged.slice(0, 8)}.
              </p>
            )}
            <GateRules rules={decision.rules} />
          </section>
        );
      })}
    </>
  );
}

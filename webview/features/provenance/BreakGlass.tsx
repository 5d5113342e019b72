import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { MIN_BREAK_GLASS_REASON, reasonProblem } from '../../../src/model/breakGlass.ts';
import type { EnvironmentState } from '../../../src/model/deployApi.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TextField } from '../../ui/TextField.tsx';

interface BreakGlassProps {
  readonly environment: EnvironmentState;
  readonly onBreak: (reason: string) => void;
}

/** Only where the policy lets it: a reason, and then a question. What is written here is signed and stays in the ledger. */
export function BreakGlass({ environment, onBreak }: BreakGlassProps): VNode {
  const reason = useSignal('');
  const isAsked = useSignal(false);
  const problem = reasonProblem(reason.value.trim());
  return (
    <details class="break-glass">
      <summary>
        <Mark name="flame" tone="err" /> Break the glass
      </summary>
      {isAsked.value ? (
        <Question
          environment={environment}
          reason={reason.value.trim()}
          onAnswer={(isMeant) => {
            isAsked.value = false;
            if (isMeant) onBreak(reason.value.trim());
          }}
        />
      ) : (
        <>
          <p>
            Deploys to {environment.name} without the rehearsal its gate asks for. The reason is
            signed with your key, stays in the ledger, and every view shows it in red.
          </p>
          <TextField
            label="Reason for breaking the glass"
            placeholder={`Reason, at least ${MIN_BREAK_GLASS_REASON} characters`}
            value={reason.value}
            onInput={(value) => (reason.value = value)}
          />
          <Button
            mark="flame"
            isDisabled={problem !== undefined}
            title={problem === undefined ? '' : `Give a reason first: this one ${problem}`}
            onPress={() => (isAsked.value = true)}
          >
            Deploy against the gate…
          </Button>
        </>
      )}
    </details>
  );
}

/** Asked where the button was, since a page may not open a dialog in every editor. */
function Question(props: {
  readonly environment: EnvironmentState;
  readonly reason: string;
  readonly onAnswer: (isMeant: boolean) => void;
}): VNode {
  const { environment, reason, onAnswer } = props;
  const rules = environment.preview?.decision.rules ?? [];
  const failed = rules.filter(({ status }) => status === 'failed').length;
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    question.current?.focus();
  }, []);
  return (
    <div class="glass-question" role="alertdialog" aria-labelledby="glass-question">
      <p id="glass-question" ref={question} tabIndex={-1}>
        <strong class="err">Break the glass of {environment.name}?</strong> This overrides{' '}
        {failed === 1 ? 'the rule' : `${failed} rules`} above, because: {reason}
      </p>
      <Button
        mark="flame"
        onPress={() => {
          onAnswer(true);
        }}
      >
        Break the glass of {environment.name}
      </Button>
      <Button
        mark="close"
        onPress={() => {
          onAnswer(false);
        }}
      >
        Keep it whole
      </Button>
    </div>
  );
}

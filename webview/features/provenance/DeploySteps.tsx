import type { VNode } from 'preact';
import type { DeployEnd } from '../../../src/model/deployApi.ts';
import type { DeployProgress, ShownStep } from '../../state/deployProgress.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark, type MarkName } from '../../ui/Mark.tsx';

const MARKS: Record<ShownStep['status'], MarkName> = {
  running: 'pending',
  ok: 'pass',
  failed: 'fail',
};
const TONES: Record<ShownStep['status'], string> = { running: '', ok: 'ok', failed: 'err' };

/** A deploy as it goes, step by step, and how it ended. */
export function DeploySteps(props: {
  readonly state: StudioState;
  readonly progress: DeployProgress;
}): VNode {
  const { state, progress } = props;
  const { environment, steps, lines, end } = progress;
  return (
    <section class="deploy-steps" aria-label={`Deploy to ${environment}`}>
      <h3 class="section-head">
        {end === undefined ? `Deploying to ${environment}` : 'Last deploy'}
      </h3>
      <div role="status">{end !== undefined && <Outcome end={end} />}</div>
      <ul class="rules">
        {steps.map(({ step, status, sentence }, index) => (
          <li key={index} class={`is-${status}`}>
            <Mark name={MARKS[status]} tone={TONES[status]} />
            <span>
              {step} <span class="quiet">{status === 'running' ? 'goes on' : sentence}</span>
            </span>
          </li>
        ))}
      </ul>
      {lines.length > 0 && (
        <pre class="deploy-log" tabIndex={0} aria-label="Output of the deploy">
          {lines.join('\n')}
        </pre>
      )}
      <div class="deploy-actions">
        {end === undefined ? (
          <Button mark="stop" onPress={() => void state.attempt(() => state.deploy.cancel())}>
            Cancel
          </Button>
        ) : (
          end.runId !== undefined && <TrustLink state={state} runId={end.runId} />
        )}
      </div>
    </section>
  );
}

const WORDS: Record<DeployEnd['status'], readonly [word: string, mark: MarkName, tone: string]> = {
  deployed: ['DEPLOYED', 'pass', 'ok'],
  'rolled-back': ['ROLLED BACK', 'pass', 'ok'],
  unchanged: ['UNCHANGED', 'pass', 'ok'],
  failed: ['FAILED', 'fail', 'err'],
  cancelled: ['CANCELLED', 'slash', 'err'],
};

function Outcome({ end }: { readonly end: DeployEnd }): VNode {
  const [word, mark, tone] = WORDS[end.status];
  return (
    <p class="deploy-outcome">
      <span class={`outcome-word ${tone}`}>
        <Mark name={mark} /> {word}
      </span>{' '}
      {end.sentence}
    </p>
  );
}

function TrustLink({ state, runId }: { readonly state: StudioState; readonly runId: string }) {
  return (
    <Button
      mark="link"
      onPress={() => {
        state.deploy.close();
        state.showEntry('trust', runId);
      }}
    >
      Show the chain of trust
    </Button>
  );
}

import { useEffect, useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import type { EnvironmentState } from '../../../src/model/deployApi.ts';
import type { DeployProgress } from '../../state/deployProgress.ts';
import type { StudioState } from '../../state/studioState.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { DeployActions } from './DeployActions.tsx';
import { DeploySteps } from './DeploySteps.tsx';
import { clockTime, dayOf, hash12, short } from './format.ts';
import { GateRules, GateWord } from './GateRules.tsx';
import { environmentIn, useEnvironments } from './useEnvironments.ts';

interface DeployPaneProps {
  readonly state: StudioState;
  readonly capsuleHash: string;
}

/** Where a Capsule may go: every environment with what its gate says before anything is pressed, and the deploy itself. */
export function DeployPane({ state, capsuleHash }: DeployPaneProps): VNode {
  const answer = useEnvironments(state, capsuleHash);
  const chosen = environmentIn(answer?.list ?? [], state.deploy.environment.value);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, [state.deploy.openings.value]);
  useJoining(state, chosen);
  const capsule = state.capsules.value.find((one) => one.capsuleHash === capsuleHash);
  return (
    <section class="deploy">
      <h2 class="section-head" ref={heading} tabIndex={-1}>
        Deploy {capsule?.name}
        <code class="quiet" title={capsuleHash}>
          {hash12(capsuleHash)}
        </code>
        <span class="head-actions">
          <IconButton
            mark="close"
            label="Close"
            onPress={() => {
              state.deploy.close();
            }}
          />
        </span>
      </h2>
      {answer !== undefined && answer.problem !== '' && (
        <p class="deploy-problem err" role="alert">
          {answer.problem}
        </p>
      )}
      <ul class="environments" aria-label="Environments">
        {answer?.list.map((environment) => (
          <li key={environment.name}>
            <Choice
              state={state}
              environment={environment}
              isChosen={environment === chosen}
              isActive={environment.release?.capsuleHash === capsuleHash}
            />
          </li>
        ))}
      </ul>
      {chosen !== undefined && (
        <Chosen key={chosen.name} state={state} capsuleHash={capsuleHash} environment={chosen} />
      )}
    </section>
  );
}

/** Something else was made active there since. */
function isPast({ end }: DeployProgress, { release }: EnvironmentState): boolean {
  const endedAt = end?.record?.endedAt;
  return endedAt !== undefined && release !== undefined && release.at > endedAt;
}

/** A deploy that goes on is shown, whoever began it. */
function useJoining(state: StudioState, environment: EnvironmentState | undefined): void {
  const { name, deploying } = environment ?? {};
  useEffect(() => {
    if (name === undefined || deploying === undefined) return;
    void state.attempt(() => state.deploy.join(name, deploying));
  }, [name, deploying]);
}

function Choice(props: {
  readonly state: StudioState;
  readonly environment: EnvironmentState;
  readonly isChosen: boolean;
  readonly isActive: boolean;
}): VNode {
  const { state, environment, isChosen, isActive } = props;
  const { name, production, target, release, preview } = environment;
  return (
    <button
      type="button"
      class="environment"
      aria-pressed={isChosen}
      onClick={() => {
        state.deploy.choose(name);
      }}
    >
      <strong>{name}</strong>
      {preview !== undefined && <GateWord decision={preview.decision.decision} />}
      <span class="quiet">
        {production ? 'production, ' : ''}
        {target},{' '}
        {release === undefined ? 'nothing active' : `${short(release.capsuleHash)} active since `}
        {release !== undefined && `${dayOf(release.at)} ${clockTime(release.at)}`}
        {', by the ledger'}
        {isActive && ': this Capsule'}
      </span>
    </button>
  );
}

function Chosen(props: DeployPaneProps & { readonly environment: EnvironmentState }): VNode {
  const { state, environment } = props;
  const { name, preview } = environment;
  const progress = state.deploy.progress.value;
  const rules = preview?.decision.rules ?? [];
  const failed = rules.filter(({ status }) => status === 'failed');
  const others = rules.filter(({ status }) => status !== 'failed');
  return (
    <>
      {progress?.environment === name && !isPast(progress, environment) && (
        <DeploySteps state={state} progress={progress} />
      )}
      {failed.length > 0 && (
        <section aria-label={`Why ${name} refuses`}>
          <h3 class="section-head">Why it is refused</h3>
          <GateRules rules={failed} />
        </section>
      )}
      <DeployActions {...props} />
      <section aria-label={`Gate ${name}`}>
        <details class="held">
          <summary>
            {others.filter(({ status }) => status === 'ok').length} rules of the gate hold
          </summary>
          <GateRules rules={others} />
        </details>
      </section>
    </>
  );
}

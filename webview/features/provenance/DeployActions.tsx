import type { VNode } from 'preact';
import type { EnvironmentState, GatePreview } from '../../../src/model/deployApi.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Button } from '../../ui/Button.tsx';
import { BreakGlass } from './BreakGlass.tsx';
import { short } from './format.ts';

interface DeployActionsProps {
  readonly state: StudioState;
  readonly capsuleHash: string;
  readonly environment: EnvironmentState;
}

/** What can be done with the chosen environment. A disabled Deploy says why. */
export function DeployActions(props: DeployActionsProps): VNode {
  const { state, capsuleHash, environment } = props;
  const { name, preview, rollsBackTo } = environment;
  const busy = busySentence(state, environment);
  const refusal = state.refusal.value ?? busy;
  const isRefused = preview?.decision.decision === 'deny';
  const why = refusal ?? (isRefused ? `The gate of ${name} refuses it, as said above.` : undefined);
  const deploy = (breakGlass?: string): void => {
    const more = breakGlass === undefined ? {} : { breakGlass };
    void state.attempt(() => state.deploy.deploy({ environment: name, capsuleHash, ...more }));
  };
  return (
    <div class="deploy-actions">
      {isRefused && preview.needs !== undefined && (
        <Rehearsal state={state} needs={preview.needs} refusal={refusal} />
      )}
      <Button
        mark="rocket"
        kind="primary"
        isDisabled={why !== undefined}
        title={why ?? ''}
        onPress={() => {
          deploy();
        }}
      >
        Deploy to {name}
      </Button>
      {why !== undefined && <p class="quiet">{why}</p>}
      {preview?.canBreakGlass === true && refusal === undefined && (
        <BreakGlass environment={environment} onBreak={deploy} />
      )}
      {rollsBackTo !== undefined && (
        <Button
          mark="back"
          isDisabled={refusal !== undefined}
          title={refusal ?? `Makes ${short(rollsBackTo)} active again`}
          onPress={() => {
            void state.attempt(() => state.deploy.rollBack(name));
          }}
        >
          Roll back to {short(rollsBackTo)}
        </Button>
      )}
    </div>
  );
}

function busySentence(state: StudioState, { name, deploying }: EnvironmentState) {
  const progress = state.deploy.progress.value;
  const isGoingOn = progress?.environment === name && progress.end === undefined;
  const hasEnded = progress?.deployId === deploying && progress?.end !== undefined;
  if (!isGoingOn && (deploying === undefined || hasEnded)) return undefined;
  return `A deploy to ${name} goes on.`;
}

function Rehearsal(props: {
  readonly state: StudioState;
  readonly needs: NonNullable<GatePreview['needs']>;
  readonly refusal: string | undefined;
}): VNode {
  const { state, needs, refusal } = props;
  const { nodes, latencyMs, packetLoss } = needs.params;
  const simulate = (): void => {
    void state.attempt(async () => {
      state.openRun((await state.client.start(needs)).simId);
    });
  };
  return (
    <>
      <p class="quiet">
        It asks for {nodes} nodes, {latencyMs.join(' to ')} ms, {packetLoss} % loss
        {needs.chaos.preset === 'none' ? '' : `, chaos ${needs.chaos.preset}`}
        {needs.upgrade === undefined ? '' : `, upgraded from ${short(needs.upgrade.from)} and back`}
        .
      </p>
      <Button
        mark="play"
        isDisabled={refusal !== undefined}
        title={refusal ?? 'Simulate Mesh with the parameters this gate needs'}
        onPress={simulate}
      >
        Simulate what this gate needs
      </Button>
    </>
  );
}

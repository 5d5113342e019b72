import type { VNode } from 'preact';
import { parameters, setParameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Switch } from '../../ui/Switch.tsx';

/** Whether what was measured may fail the run. Nothing where the Capsule promises nothing, unless the JSON asks for it. */
export function JudgementFields({ state }: { readonly state: StudioState }): VNode | null {
  const { failOnObjectives, failOnRegression } = parameters.value;
  if (!hasObjectives(state) && !failOnObjectives && !failOnRegression) return null;
  return (
    <>
      <Switch
        label="Fail when an objective is missed"
        isOn={failOnObjectives}
        onChange={(isOn) => {
          setParameters({ failOnObjectives: isOn });
        }}
      />
      <Switch
        label="Fail when worse than the baseline"
        isOn={failOnRegression}
        onChange={(isOn) => {
          setParameters({ failOnRegression: isOn });
        }}
      />
    </>
  );
}

function hasObjectives({ capsules, capsuleHash }: StudioState): boolean {
  const hash = capsuleHash.value;
  return capsules.value.some((one) => one.capsuleHash === hash && one.objectives > 0);
}

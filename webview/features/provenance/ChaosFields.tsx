import type { VNode } from 'preact';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { chaosScript } from '../../state/chaosScript.ts';
import { parameters, setParameters, written, type Parameters } from '../../state/parameters.ts';
import type { StudioState } from '../../state/studioState.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { IdleFaults } from './IdleFaults.tsx';

/** A rolling restart of ten nodes says the same of each. */
const LINES_SHOWN = 4;

/** The choice that is no preset. */
const OWN = 'own';

/** A chaos preset or the faults that were written, and what they will do to a mesh of this size. */
export function ChaosFields({ state }: { readonly state: StudioState }): VNode {
  const { params, chaos } = parameters.value;
  const { chaos: own } = written.value;
  const choices = [
    ...CHAOS_PRESETS.map((preset) => ({ value: preset, label: preset })),
    ...(own === undefined ? [] : [{ value: OWN, label: `your own, ${faultsOf(own)}` } as const]),
  ];
  const script = chaosScript(chaos.faults ?? presetSchedule(chaos.preset, params.nodes));
  const rest = script.length - LINES_SHOWN;
  return (
    <>
      <label class="field">
        <span>Chaos</span>
        <Dropdown
          label="Chaos"
          value={chaos.faults === undefined ? chaos.preset : OWN}
          options={choices}
          onChange={(choice) => {
            if (choice !== OWN) setParameters({ chaos: { preset: choice } });
            else if (own !== undefined) setParameters({ chaos: own });
          }}
        />
      </label>
      {script.length > 0 && (
        <dl class="script mono" aria-label="Chaos schedule">
          {script.slice(0, LINES_SHOWN).map(({ when, what }, index) => (
            <div key={index}>
              <dt>{when}</dt>
              <dd>{what}</dd>
            </div>
          ))}
          {rest > 0 && (
            <div>
              <dt>and {rest} more</dt>
              <dd />
            </div>
          )}
        </dl>
      )}
      <IdleFaults state={state} />
    </>
  );
}

function faultsOf({ faults = [] }: Parameters['chaos']): string {
  return faults.length === 1 ? 'one fault' : `${faults.length} faults`;
}

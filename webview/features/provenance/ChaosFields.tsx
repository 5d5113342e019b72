import type { VNode } from 'preact';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { chaosScript } from '../../state/chaosScript.ts';
import { parameters, setParameters } from '../../state/parameters.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';

/** A rolling restart of ten nodes says the same of each. */
const LINES_SHOWN = 4;

/** A chaos preset, and what it will do to a mesh of this size. */
export function ChaosFields(): VNode {
  const { params, chaos } = parameters.value;
  const script = chaosScript(presetSchedule(chaos.preset, params.nodes));
  const rest = script.length - LINES_SHOWN;
  return (
    <>
      <label class="field">
        <span>Chaos</span>
        <Dropdown
          label="Chaos"
          value={chaos.preset}
          options={CHAOS_PRESETS.map((preset) => ({ value: preset, label: preset }))}
          onChange={(preset) => {
            setParameters({ chaos: { preset } });
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
    </>
  );
}

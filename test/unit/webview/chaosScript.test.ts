import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { presetSchedule } from '../../../src/model/chaosPresets.ts';
import { CHAOS_PRESETS } from '../../../src/model/presets.ts';
import { chaosScript } from '../../../webview/state/chaosScript.ts';

describe('a chaos schedule as text', () => {
  it('has a line for each fault, and one for its mending', () => {
    assert.deepEqual(chaosScript(presetSchedule('crash-mid-deploy', 5)), [
      { when: 'when n3.receive ≥ 45 %', what: 'kill n3' },
      { when: 'after 900 ms', what: 'restart n3' },
    ]);
    assert.deepEqual(chaosScript(presetSchedule('one-way-partition', 4)), [
      { when: 'when n2.receive ≥ 25 %', what: 'cut n0 n1 → n2 n3' },
      { when: 'after 1500 ms', what: 'heal' },
    ]);
  });

  it('names services, names and nodes that a fault acts on', () => {
    const when = { atMs: 5 };
    const lines = chaosScript([
      { when, do: { pause: 'n1', services: ['orders'], forMs: 300 } },
      { when, do: { killService: { node: 'n1', service: 'orders' } } },
      { when, do: { refuse: { from: ['n0'], to: ['n1'], oneWay: true }, forMs: 20 } },
      { when, do: { dns: { nodes: ['n0', 'n1'], mode: 'delay', delayMs: 40 }, forMs: 20 } },
    ]);
    assert.deepEqual(
      lines.map(({ what }) => what),
      [
        'pause orders on n1',
        'go on',
        'kill orders on n1',
        'refuse n0 → n1',
        'carry again',
        'delay names on n0 n1 by 40 ms',
        'answer again',
      ],
    );
  });

  it('says which migration a fault comes in', () => {
    const of = { migrates: 'n1', since: 'begun', delayMs: 0 } as const;
    const lines = chaosScript([
      { when: of, do: { byzantine: 'n1' } },
      { when: { ...of, since: 'changed', delayMs: 20 }, do: { byzantine: 'n2' } },
    ]);
    assert.deepEqual(
      lines.map(({ when }) => when),
      ['while n1 migrates', '20 ms after n1 has changed its state in a migration'],
    );
  });

  it('is there for every preset but none', () => {
    for (const preset of CHAOS_PRESETS) {
      const lines = chaosScript(presetSchedule(preset, 10));
      assert.equal(lines.length > 0, preset !== 'none', preset);
      for (const { when, what } of lines) assert.doesNotMatch(when + what, /undefined|NaN/);
    }
  });
});

import assert from 'node:assert/strict';
import type { DeployEvent } from '../../../src/model/deployApi.ts';
import { advanced, begun } from '../../../webview/state/deployProgress.ts';

const endedAt = '2026-01-05T00:00:00.000Z';

function shown(events: readonly DeployEvent[]) {
  return events.reduce(advanced, begun('staging', 'a'));
}

describe('the progress of a deploy', () => {
  it('shows the step that goes on, and what it came to', () => {
    const started: DeployEvent = { type: 'started', step: 'health' };
    assert.deepEqual(shown([started]).steps, [{ step: 'health', status: 'running', sentence: '' }]);
    const failed = { step: 'health', status: 'failed', sentence: 'It is down.' } as const;
    assert.deepEqual(shown([started, { type: 'step', ...failed, endedAt }]).steps, [failed]);
  });

  it('forgets a step that was begun and had nothing to do', () => {
    const events: DeployEvent[] = [
      { type: 'started', step: 'prepare' },
      { type: 'started', step: 'activate' },
    ];
    assert.deepEqual(
      shown(events).steps.map(({ step }) => step),
      ['activate'],
    );
    const end: DeployEvent = { type: 'end', status: 'unchanged', sentence: 'Active already.' };
    assert.deepEqual(shown([...events, end]).steps, []);
    assert.equal(shown([...events, end]).end?.status, 'unchanged');
  });

  it('keeps the newest lines of a chatty command', () => {
    const lines = Array.from({ length: 1_000 }, (_, line): DeployEvent => ({
      type: 'log',
      line: String(line),
    }));
    const kept = shown(lines).lines;
    assert.deepEqual([kept.length, kept.at(-1)], [400, '999']);
  });
});

import assert from 'node:assert/strict';
import { signal } from '@preact/signals';
import { describe, it } from 'mocha';
import type { LogRow } from '../../../src/log/logRow.ts';
import { momentAfter, momentBefore } from '../../../webview/run/keyMoments.ts';
import { followed, MIN_SPAN_MS, wholeRun, zoomed } from '../../../webview/run/timeWindow.ts';
import { RunClock } from '../../../webview/state/runClock.ts';

function clockAt(t?: number): RunClock {
  return new RunClock(signal(t));
}

const LIVE = { at: 2_000, hasEnded: false };
const ENDED = { at: 2_000, hasEnded: true };

describe('the axis of a run', () => {
  it('grows in steps, before live reaches its end', () => {
    assert.equal(wholeRun(3_700, false).to, 4_000);
    assert.equal(wholeRun(3_800, false).to, 5_200);
    for (let at = 100; at < 60_000; at += 333) assert.ok(wholeRun(at, false).to > at);
  });

  it('keeps what is under the cursor where it is when zoomed', () => {
    const whole = { from: 0, to: 4_000 };
    const half = zoomed(whole, 0.5, 1_000, whole);
    assert.deepEqual(half, { from: 500, to: 2_500 });
    assert.deepEqual(zoomed({ from: 500, to: 2_500 }, 0.5, 1_000, whole), { from: 750, to: 1_750 });
  });

  it('is zoomed in no further than there is something to see, and out to the whole', () => {
    const whole = { from: 0, to: 4_000 };
    const closest = zoomed({ from: 100, to: 130 }, 0.001, 110, whole);
    assert.equal((closest?.to ?? 0) - (closest?.from ?? 0), MIN_SPAN_MS);
    assert.equal(zoomed({ from: 500, to: 2_500 }, 3, 1_000, whole), undefined);
  });

  it('moves on when live stands in the last 6 % of what is shown, and not before', () => {
    const window = { from: 1_000, to: 2_000 };
    assert.equal(followed(window, 1_930), window);
    assert.deepEqual(followed(window, 1_950), { from: 1_350, to: 2_350 });
  });
});

describe('the clock of a run', () => {
  it('follows live until a past instant is sought, and again when asked to', () => {
    const clock = clockAt();
    clock.seek(500, LIVE);
    assert.equal(clock.seekTo.value, 500);
    clock.goLive(LIVE);
    assert.equal(clock.seekTo.value, undefined);
    clock.seek(2_500, LIVE);
    assert.equal(clock.seekTo.value, undefined, 'nothing is known of the future: that is live');
  });

  it('plays at the chosen rate until it has caught up', () => {
    const clock = clockAt(1_000);
    clock.rate.value = 4;
    clock.togglePlay(LIVE);
    clock.tick(100, LIVE);
    assert.equal(clock.seekTo.value, 1_400);
    clock.tick(200, LIVE);
    assert.equal(clock.seekTo.value, undefined);
    assert.equal(clock.isPlaying.value, false);
  });

  it('pauses a run that is followed at the instant it was at', () => {
    const clock = clockAt();
    clock.togglePlay(LIVE);
    assert.equal(clock.seekTo.value, 2_000);
    assert.equal(clock.isPlaying.value, false);
  });

  it('plays a recorded run from its beginning when it stands at the end', () => {
    const clock = clockAt();
    clock.togglePlay(ENDED);
    clock.tick(16, ENDED);
    assert.equal(clock.seekTo.value, 16);
  });

  it('shows only instants of events where motion is to be reduced, and loses no time by it', () => {
    const clock = clockAt(0);
    clock.togglePlay(ENDED);
    const hundreds = (t: number): number => Math.floor(t / 100) * 100;
    clock.tick(60, ENDED, hundreds);
    assert.equal(clock.seekTo.value, 0);
    clock.tick(60, ENDED, hundreds);
    assert.equal(clock.seekTo.value, 100);
  });

  it('does not move the view for new data while a past instant is shown', () => {
    const clock = clockAt();
    clock.zoom.value = { from: 100, to: 300 };
    clock.seek(200, LIVE);
    clock.follow({ at: 3_000, hasEnded: false });
    assert.deepEqual(clock.zoom.value, { from: 100, to: 300 });
    clock.goLive({ at: 3_000, hasEnded: false });
    assert.ok(clock.zoom.value.to > 3_000);
  });
});

describe('the key moments of a run', () => {
  const row = (at: number, level: LogRow['level']): LogRow => ({
    number: at,
    at,
    nodeId: 'n1',
    level,
    glyph: 'dot',
    tone: '',
    text: '',
    facts: {},
  });
  const rows = [
    row(10, 'key'),
    row(20, 'detail'),
    row(30, 'problem'),
    row(30, 'key'),
    row(50, 'key'),
  ];

  it('are stepped through one instant at a time, details left out', () => {
    assert.equal(momentAfter(rows, 10, 'key'), 30);
    assert.equal(momentAfter(rows, 30, 'key'), 50);
    assert.equal(momentBefore(rows, 50, 'key'), 30);
    assert.equal(momentBefore(rows, 30, 'key'), 10);
    assert.equal(momentBefore(rows, 10, 'key'), undefined);
  });

  it('can be narrowed to problems', () => {
    assert.equal(momentAfter(rows, 0, 'problem'), 30);
    assert.equal(momentAfter(rows, 30, 'problem'), undefined);
    assert.equal(momentBefore(rows, 100, 'problem'), 30);
  });
});

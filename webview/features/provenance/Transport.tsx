import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import type { RunHistory } from '../../run/history.ts';
import { momentAfter, momentBefore } from '../../run/keyMoments.ts';
import { RATES, type RunClock, type RunExtent } from '../../state/runClock.ts';
import type { StudioState } from '../../state/studioState.ts';
import { prefersReducedMotion } from '../../theme/reducedMotion.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { exportPackets } from './exportPackets.ts';
import { inRun } from './format.ts';
import { stepTo, ZOOM_STEP } from './laneKeys.ts';

const SPEEDS = RATES.map((rate) => `${rate}×`);

/** Moves through the time of a run; saves the packets it kept. */
export function Transport(props: {
  readonly state: StudioState;
  readonly run: RunHistory;
  readonly extent: RunExtent;
  /** The instant that is shown, ms. */
  readonly t: number;
}): VNode {
  const { state, run, extent, t } = props;
  const { clock } = state;
  usePlayback(clock, run);
  const isFollowing = clock.seekTo.value === undefined;
  const isMoving = clock.isPlaying.value || (isFollowing && !extent.hasEnded);
  const zoomBy = (factor: number): void => {
    clock.zoomBy(factor, t, extent);
  };
  return (
    <div class="transport" role="group" aria-label="Playback">
      <IconButton
        mark="stepBack"
        label="Previous event"
        keys="Left"
        onPress={() => {
          stepTo(clock, momentBefore(run.log, t, 'key'), extent);
        }}
      />
      <IconButton
        mark={isMoving ? 'pause' : 'play'}
        label={isMoving ? 'Pause' : 'Play'}
        keys="Space"
        onPress={() => {
          clock.togglePlay(extent);
        }}
      />
      <IconButton
        mark="stepForward"
        label="Next event"
        keys="Right"
        onPress={() => {
          stepTo(clock, momentAfter(run.log, t, 'key'), extent);
        }}
      />
      <output class="time">
        <strong>{inRun(t)} s</strong> <span class="quiet">{placeOf(isFollowing, extent)}</span>
      </output>
      <span class="speed">
        <Segmented
          label="Speed"
          choices={SPEEDS}
          value={`${clock.rate.value}×`}
          onChange={(speed) => (clock.rate.value = RATES[SPEEDS.indexOf(speed)] ?? 1)}
        />
      </span>
      <span class="zoom-range quiet">{zoomRange(clock)}</span>
      {run.capture !== undefined && (
        <IconButton
          mark="export"
          label="Export packets between services (pcapng)"
          onPress={() => {
            exportPackets(state, run.simId);
          }}
        />
      )}
      <IconButton mark="zoomOut" label="Zoom out" keys="-" onPress={() => zoomBy(ZOOM_STEP)} />
      <IconButton mark="zoomIn" label="Zoom in" keys="+" onPress={() => zoomBy(1 / ZOOM_STEP)} />
      <IconButton
        mark="fit"
        label="Fit run"
        keys="0"
        onPress={() => {
          clock.fit();
        }}
      />
      <button
        type="button"
        class="follow"
        aria-pressed={isFollowing}
        title="L"
        onClick={() => {
          clock.goLive(extent);
        }}
      >
        {followWords(isFollowing, extent)}
      </button>
    </div>
  );
}

function placeOf(isFollowing: boolean, { at, hasEnded }: RunExtent): string {
  if (isFollowing) return hasEnded ? 'end' : 'live';
  return `of ${inRun(at)}${hasEnded ? '' : ' live'}`;
}

function followWords(isFollowing: boolean, { hasEnded }: RunExtent): string {
  if (hasEnded) return isFollowing ? 'At the end' : 'Go to the end';
  return isFollowing ? 'Following live' : 'Go to live';
}

function zoomRange(clock: RunClock): string {
  const window = clock.zoom.value;
  if (window === undefined) return '';
  return `${(window.from / 1_000).toFixed(2)} to ${(window.to / 1_000).toFixed(2)} s`;
}

/** Lets time pass while a past instant is played. Where motion is to be reduced it goes from event to event. */
function usePlayback(clock: RunClock, run: RunHistory): void {
  const isPlaying = clock.isPlaying.value;
  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    const lastEventBefore = (t: number): number => momentBefore(run.log, t, 'key') ?? 0;
    const step = (now: number): void => {
      const extent = { at: run.view.at, hasEnded: run.end !== undefined };
      clock.tick(now - last, extent, prefersReducedMotion() ? lastEventBefore : undefined);
      last = now;
      frame = requestAnimationFrame(step);
    };
    let frame = requestAnimationFrame(step);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [isPlaying, run]);
}

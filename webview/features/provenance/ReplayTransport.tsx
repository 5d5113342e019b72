import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { RunHistory } from '../../run/history.ts';
import { momentAfter, momentBefore } from '../../run/keyMoments.ts';
import { momentsOf } from '../../run/replay.ts';
import type { StudioState } from '../../state/studioState.ts';
import { prefersReducedMotion } from '../../theme/reducedMotion.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { SliderTrack } from '../../ui/Slider.tsx';
import { seconds } from './format.ts';

const RATES = [1, 0.25, 4] as const;
/** A frame that took longer, such as after the page was hidden, moves the replay no further than this. */
const LONGEST_FRAME_MS = 100;

interface TransportProps {
  readonly state: StudioState;
  readonly run: RunHistory;
  /** ms since the run began. */
  readonly t: number;
}

/** Plays and seeks. Where motion is to be reduced it goes from event to event instead. */
export function ReplayTransport({ state, run, t }: TransportProps): VNode {
  const [isPlaying, setPlaying] = useState(false);
  const [rate, setRate] = useState<(typeof RATES)[number]>(1);
  const isReduced = prefersReducedMotion();
  const end = run.view.at;
  const seek = (ms: number): void => {
    state.seekTo.value = Math.min(end, Math.max(0, ms));
  };
  usePlayback(isPlaying, rate, t, (ms) => {
    seek(ms);
    if (ms >= end) setPlaying(false);
  });
  const toggle = (): void => {
    if (!isPlaying && t >= end) seek(0);
    setPlaying(!isPlaying);
  };
  const step = (to: number): void => {
    setPlaying(false);
    seek(to);
  };
  return (
    <div class="replay-transport">
      {isReduced ? (
        <>
          <IconButton
            mark="back"
            label="Previous event"
            onPress={() => {
              step(momentBefore(run.log, t, 'key') ?? 0);
            }}
          />
          <IconButton
            mark="forward"
            label="Next event"
            onPress={() => {
              step(momentAfter(run.log, t, 'key') ?? end);
            }}
          />
        </>
      ) : (
        <IconButton
          mark={isPlaying ? 'pause' : 'play'}
          label={isPlaying ? 'Pause' : 'Play'}
          onPress={toggle}
        />
      )}
      <span class="replay-track">
        <Moments run={run} />
        <SliderTrack
          label="Instant of the run"
          shown={seconds(t)}
          min={0}
          max={Math.ceil(end)}
          value={Math.round(t)}
          onChange={step}
        />
      </span>
      <output>{seconds(t)}</output>
      {!isReduced && (
        <button
          type="button"
          class="rate"
          aria-label={`Speed, ${rate} of real time`}
          onClick={() => {
            setRate(RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? 1);
          }}
        >
          {rate}×
        </button>
      )}
    </div>
  );
}

/** Calls back with the instant of each frame while playing. */
function usePlayback(
  isPlaying: boolean,
  rate: number,
  t: number,
  onFrame: (ms: number) => void,
): void {
  const now = useRef({ t, onFrame });
  now.current = { t, onFrame };
  // Ends before the next frame: one more would take back what the person has just sought.
  useLayoutEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    let exact = now.current.t;
    const frame = (time: number): void => {
      exact += Math.min(time - last, LONGEST_FRAME_MS) * rate;
      last = time;
      request = requestAnimationFrame(frame);
      now.current.onFrame(exact);
    };
    let request = requestAnimationFrame(frame);
    return () => {
      cancelAnimationFrame(request);
    };
  }, [isPlaying, rate]);
}

/** When nodes became healthy and when they were lost, above the track. */
function Moments({ run }: { readonly run: RunHistory }): VNode {
  return (
    <svg class="replay-moments" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      {momentsOf(run.events).map(({ at, kind }, index) => (
        <rect
          key={index}
          class={kind}
          x={(995 * at) / Math.max(1, run.view.at)}
          width="5"
          height="8"
        />
      ))}
    </svg>
  );
}

import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

interface TrackProps {
  /** In words, with its unit. */
  readonly shown: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

/** A native range: label left, value right, track under them. */
export function Slider({ label, ...track }: TrackProps & { readonly label: string }): VNode {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{track.shown}</output>
      <SliderTrack id={id} {...track} />
    </div>
  );
}

/** The track alone: it is named by `label`, or by a label for `id`. */
export function SliderTrack(
  props: TrackProps & { readonly id?: string; readonly label?: string },
): VNode {
  const { id, label, shown, value, min, max, step = 1, onChange } = props;
  return (
    <div class="slider-track" ref={fillTrack(0, (value - min) / Math.max(1, max - min))}>
      <input
        id={id}
        type="range"
        aria-label={label}
        aria-valuetext={shown}
        min={min}
        max={max}
        step={step}
        value={value}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.valueAsNumber);
        }}
      />
    </div>
  );
}

/** Tells the style what part of the track is filled, shares of its width. By CSSOM: the policy allows no style attributes. */
export function fillTrack(from: number, to: number): (track: HTMLElement | null) => void {
  return (track) => {
    track?.style.setProperty('--from', String(from));
    track?.style.setProperty('--to', String(to));
  };
}

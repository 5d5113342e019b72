import { useRef } from 'preact/hooks';
import type { VNode } from 'preact';
import { sortedRange } from './sortedRange.ts';
import { fillTrack } from './Slider.tsx';

type Range = readonly [number, number];

/**
 * Two native ranges on one track. A thumb may pass the other: they swap what they stand for, and never cross.
 */
export function RangeSlider(props: {
  readonly label: string;
  /** Of every value, such as "ms". */
  readonly unit: string;
  readonly value: Range;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: [number, number]) => void;
}): VNode {
  const { label, unit, value, min, max, step, onChange } = props;
  const thumbs = useThumbs(value);
  const share = (one: number): number => (one - min) / (max - min);
  const move = (thumb: 0 | 1, to: number): void => {
    const moved: Range = thumb === 0 ? [to, thumbs.current[1]] : [thumbs.current[0], to];
    thumbs.current = moved;
    onChange(sortedRange(moved));
  };
  return (
    <div class="slider" role="group" aria-label={label}>
      <span>{label}</span>
      <output>
        {value[0]} to {value[1]} {unit}
      </output>
      <div class="slider-track two" ref={fillTrack(share(value[0]), share(value[1]))}>
        {([0, 1] as const).map((thumb) => {
          const own = thumbs.current[thumb];
          const isLower = thumb === 0 ? own <= thumbs.current[1] : own < thumbs.current[0];
          return (
            <input
              key={thumb}
              type="range"
              aria-label={`${label} ${isLower ? 'minimum' : 'maximum'}, ${unit}`}
              aria-valuetext={`${own} ${unit}`}
              min={min}
              max={max}
              step={step}
              value={own}
              onInput={({ currentTarget }) => {
                move(thumb, currentTarget.valueAsNumber);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Where each thumb stands, in whatever order; both follow a value that was changed elsewhere. */
function useThumbs(value: Range): { current: Range } {
  const thumbs = useRef<Range>(value);
  const [low, high] = sortedRange(thumbs.current);
  if (low !== value[0] || high !== value[1]) thumbs.current = value;
  return thumbs;
}

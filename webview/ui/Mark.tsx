import type { VNode } from 'preact';

/** Outcomes and phases as shapes: status is never colour alone. 16 × 16, drawn for this product. */
const PATHS = {
  pass: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm-3 6.7 2.2 2.3L11.2 6',
  fail: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM5.5 5.5l5 5m0-5-5 5',
  slash: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM3.5 12.5l9-9',
  shield:
    'M8 1.5 13 3v5c0 3.2-2.2 5.3-5 6.5C5.2 13.300 3 11.200 3 8V3Z M5.7 7.8l1.700 1.800 3-3.400',
  pack: 'M8 1.500 14 4.500v7l-6 3-6-3v-7Zm0 6.500v6.500M2 4.500l6 3.500 6-3.500',
  mesh: 'M8 2v4M8 6 3.500 13M8 6l4.500 7M3.500 13h9',
  rocket:
    'M8 1.500c3 2 3.500 6 2.500 9h-5c-1-3-.500-7 2.500-9ZM5.500 10.500 4 14m6.500-3.500L12 14',
  pending: 'M8 2a6 6 0 0 1 6 6M8 14a6 6 0 0 1-6-6',
  boot: 'M8 2a6 6 0 0 1 6 6M14 8a6 6 0 0 1-6 6M8 14a6 6 0 0 1-6-6',
  verify: 'M8 1.500 13 3v5c0 3.200-2.200 5.300-5 6.500C5.200 13.300 3 11.200 3 8V3Z',
  receive: 'M8 2v8M4.500 6.800 8 10.300l3.500-3.500M3 14h10',
  start: 'M8 1.500 14.500 8 8 14.500 1.500 8ZM8 5l3 3-3 3-3-3Z',
  link: 'M6.500 9.500l3-3M7 5l1.500-1.500a3 3 0 0 1 4 4L11 9M9 11l-1.500 1.500a3 3 0 0 1-4-4L5 7',
} as const;

export type MarkName = keyof typeof PATHS;

export function Mark({
  name,
  tone = '',
}: {
  readonly name: MarkName;
  readonly tone?: string;
}): VNode {
  return (
    <svg class={`mark ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.3" />
    </svg>
  );
}

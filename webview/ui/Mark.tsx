import type { VNode } from 'preact';

/** Outcomes and phases as shapes: status is never colour alone. 16 × 16, drawn for this product. */
const PATHS = {
  pass: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm-3 6.7 2.2 2.3L11.2 6',
  fail: 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM5.5 5.5l5 5m0-5-5 5',
  slash: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM3.5 12.5l9-9',
  shield: 'M8 1.5 13 3v5c0 3.2-2.2 5.3-5 6.5C5.2 13.3 3 11.2 3 8V3Z M5.7 7.8l1.7 1.8 3-3.4',
  pack: 'M8 1.5 14 4.500v7l-6 3-6-3v-7Zm0 6.500v6.500M2 4.500l6 3.5 6-3.5',
  mesh: 'M8 2v4M8 6 3.5 13M8 6l4.5 7M3.5 13h9',
  rocket: 'M8 1.500c3 2 3.5 6 2.5 9h-5c-1-3-.5-7 2.5-9ZM5.5 10.5 4 14m6.5-3.500L12 14',
  pending: 'M8 2a6 6 0 0 1 6 6M8 14a6 6 0 0 1-6-6',
  boot: 'M8 2a6 6 0 0 1 6 6M14 8a6 6 0 0 1-6 6M8 14a6 6 0 0 1-6-6',
  verify: 'M8 1.5 13 3v5c0 3.2-2.2 5.3-5 6.500C5.2 13.3 3 11.2 3 8V3Z',
  receive: 'M8 2v8M4.5 6.8 8 10.300l3.5-3.500M3 14h10',
  start: 'M8 1.5 14.5 8 8 14.5 1.5 8ZM8 5l3 3-3 3-3-3Z',
  cross: 'M4 4l8 8M12 4l-8 8',
  dot: 'M8 7.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6Z',
  retry: 'M3.5 8a4.5 4.5 0 1 0 1.5-3.400M5.2 1.800v3h3',
  service: 'M2 3h12v4H2Zm0 6h12v4H2ZM4.5 5h1M4.5 11h1',
  flame:
    'M8 1.500c.5 3 4 4.3 4 8a4 4 0 0 1-8 0c0-1.8 1-2.7 1.5-4 .8.7 1.2 1.3 1.3 2C8 6 8.3 3.5 8 1.500Z',
  clock: 'M8 1.500a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.500V8l2.5 1.5',
  play: 'M4.5 2.500v11l8-5.500Z',
  filter: 'M2 3h12L9.5 8.500V13l-3-1.500v-3Z',
  close: 'M4.5 4.500l7 7m0-7-7 7',
  sliders: 'M2 4.500h6m4 0h2M2 11.500h2m4 0h6M10 2.800v3.400M6 9.800v3.4',
  link: 'M6.5 9.500l3-3M7 5l1.5-1.500a3 3 0 0 1 4 4L11 9M9 11l-1.5 1.500a3 3 0 0 1-4-4L5 7',
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
      <MarkShape name={name} />
    </svg>
  );
}

/** The same shape inside a drawing of the caller's. */
export function MarkShape({ name }: { readonly name: MarkName }): VNode {
  return <path d={PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.3" />;
}

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
  warning: 'M8 2 14.5 13.500h-13ZM8 6.500v3.5M8 11.500h.01',
  cross: 'M4 4l8 8M12 4l-8 8',
  dot: 'M8 7.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6Z',
  scatter: 'M2 8h3l3-4.500h6M5 8l3 4.500h6M5 8h9',
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
  key: 'M10.5 2a3.5 3.5 0 1 0-3 5.300L2.5 12.300V14h2v-1.500H6V11h1.5l1.7-1.700A3.5 3.5 0 0 0 10.5 2ZM11 5h.01',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.600M13 2v3h-3',
  pause: 'M5 3v10M11 3v10',
  export: 'M2.5 3v10M5 8h9M10.5 4.5 14 8l-3.5 3.5',
  import: 'M13.5 3v10M11 8H2M5.5 4.5 2 8l3.5 3.5',
  seal: 'M8 1.5l1.8 1.3 2.200.1.7 2.1 1.7 1.4-.7 2.1.3 2.2-1.9 1.1-1.1 1.9-2.200-.3L8 14.5l-1.800-1.1-2.200.3-1.100-1.900L1 10.700l.3-2.200-.7-2.100 1.700-1.400.7-2.100 2.200-.1ZM5.3 8l2 2 3.5-4',
  scales: 'M8 2v12M4.5 14h7M3 4.500h10M3 4.500 1.5 9h3ZM13 4.500 11.5 9h3Z',
  compare: 'M2.500 2.500h4.500v11h-4.500ZM9 2.500h4.500v11H9Z',
  back: 'M10 3 5 8l5 5',
  forward: 'M6 3l5 5-5 5',
  stepBack: 'M6.5 4 3 7.5 6.5 11M3.5 7.5H10a3 3 0 0 1 0 6H8',
  stepForward: 'M9.5 4 13 7.5 9.5 11M12.5 7.5H6a3 3 0 0 0 0 6h2',
  stop: 'M3.5 3.5h9v9h-9Z',
  zoomIn: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 14 14M7 5v4M5 7h4',
  zoomOut: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 14 14M5 7h4',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
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

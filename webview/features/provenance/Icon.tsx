import type { VNode } from 'preact';

/** Signs of actions and things, 16 × 16, drawn for this product; outcomes and phases are Mark's. */
const PATHS = {
  key: 'M10.500 2a3.500 3.500 0 1 0-3 5.300L2.500 12.300V14h2v-1.500H6V11h1.500l1.700-1.700A3.500 3.500 0 0 0 10.500 2ZM11 5h.01',
  filter: 'M2 3h12L9.500 8.500V14l-3-1.500v-4Z',
  refresh: 'M13 8a5 5 0 1 1-1.500-3.600M13 2v3h-3',
  play: 'M4.500 2.500v11l8.500-5.500Z',
  pause: 'M5 3v10M11 3v10',
  export: 'M2.500 3v10M5 8h9M10.500 4.500 14 8l-3.500 3.500',
  import: 'M13.500 3v10M11 8H2M5.500 4.500 2 8l3.500 3.500',
  verified: 'M8 1.500l1.800 1.300 2.200.1.700 2.100 1.700 1.400-.7 2.100.3 2.200-1.900 1.100-1.100 1.900-2.200-.3L8 14.500l-1.800-1.100-2.200.3-1.100-1.900L1 10.700l.3-2.200-.7-2.100 1.700-1.400.7-2.100 2.200-.1ZM5.300 8l2 2 3.500-4',
  scales: 'M8 2v12M4.500 14h7M3 4.500h10M3 4.500 1.500 9h3ZM13 4.500 11.500 9h3Z',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3 5 8l5 5',
  forward: 'M6 3l5 5-5 5',
  gap: 'M8 1v4M8 11v4M5.500 7l5 2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.2"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A square button that shows a sign only; its name is its tooltip. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
}): VNode {
  const { icon, label, onPress, isPressed, isDisabled = false } = props;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

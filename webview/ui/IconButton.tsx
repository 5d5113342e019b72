import type { VNode } from 'preact';
import { Mark, type MarkName } from './Mark.tsx';

/** A button that is only a glyph; its label is its tooltip too, with the key that does the same. */
export function IconButton(props: {
  readonly label: string;
  readonly mark: MarkName;
  readonly keys?: string;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}): VNode {
  const { label, mark, keys, isPressed, isDisabled = false, onPress } = props;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys})`}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Mark name={mark} />
    </button>
  );
}

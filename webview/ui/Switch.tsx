import { useId } from 'preact/hooks';
import type { VNode } from 'preact';

/** On or off at once: label left, switch right. A native checkbox, which the toolkit's is not. */
export function Switch(props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}): VNode {
  const { label, isOn, onChange } = props;
  const id = useId();
  return (
    <div class="switch">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
    </div>
  );
}

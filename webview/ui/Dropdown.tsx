import type { VNode } from 'preact';

/** One of a few: a native list, which a keyboard and a screen reader know. */
export function Dropdown<Choice extends string>(props: {
  readonly label: string;
  readonly value: Choice;
  readonly isDisabled?: boolean;
  readonly options: readonly { readonly value: Choice; readonly label: string }[];
  readonly onChange: (value: Choice) => void;
}): VNode {
  const { label, value, isDisabled = false, options, onChange } = props;
  return (
    <select
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value as Choice);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

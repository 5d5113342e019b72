import type { VNode } from 'preact';

/** A few choices side by side, one of them pressed. */
export function Segmented<Choice extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: Choice;
  readonly onChange: (choice: Choice) => void;
}): VNode {
  const { label, choices, value, onChange } = props;
  return (
    <span class="segmented" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          onClick={() => {
            onChange(choice);
          }}
        >
          {choice}
        </button>
      ))}
    </span>
  );
}

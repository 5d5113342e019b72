import type { ComponentChildren, RefObject, VNode } from 'preact';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** For who wants to give it the focus. */
  readonly field?: RefObject<HTMLInputElement | null>;
  readonly onInput: (value: string) => void;
  /** A glyph before the text. */
  readonly children?: ComponentChildren;
}

/** One line of text. */
export function TextField(props: TextFieldProps): VNode {
  const { label, value, placeholder, isDisabled = false, field, onInput, children } = props;
  return (
    <span class="text-field">
      {children}
      <input
        ref={field ?? null}
        type="text"
        aria-label={label}
        value={value}
        placeholder={placeholder}
        disabled={isDisabled}
        spellcheck={false}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
    </span>
  );
}

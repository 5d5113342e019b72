import type { ComponentChildren, RefObject, VNode } from 'preact';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** For who wants to give it the focus. */
  readonly field?: RefObject<HTMLInputElement | null>;
  /** Of the element that says what is wrong with the text; left out: nothing is. */
  readonly problemId?: string | undefined;
  readonly onInput: (value: string) => void;
  /** Enter was pressed; `isBack`: with Shift. */
  readonly onEnter?: (isBack: boolean) => void;
  /** A glyph before the text. */
  readonly children?: ComponentChildren;
}

/** One line of text. */
export function TextField(props: TextFieldProps): VNode {
  const { label, value, placeholder, isDisabled = false, field, children } = props;
  const { problemId, onInput, onEnter } = props;
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
        aria-invalid={problemId === undefined ? undefined : 'true'}
        aria-describedby={problemId}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onEnter?.(event.shiftKey);
        }}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
    </span>
  );
}

import type { ComponentChildren, Ref, VNode } from 'preact';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-text-field');

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** For who wants to give it the focus. */
  readonly field?: Ref<HTMLElement>;
  readonly onInput: (value: string) => void;
  /** A glyph before the text, with `slot="start"`. */
  readonly children?: ComponentChildren;
}

export function TextField(props: TextFieldProps): VNode {
  const { label, value, placeholder, isDisabled = false, field = null, onInput, children } = props;
  const input = ({ currentTarget }: Event): void => {
    onInput((currentTarget as HTMLInputElement).value);
  };
  return (
    <Element
      aria-label={label}
      ref={field}
      value={value}
      placeholder={placeholder}
      disabled={isDisabled}
      onInput={input}
    >
      {children}
    </Element>
  );
}

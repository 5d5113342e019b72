import type { ComponentChildren, RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-text-field');

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  /** For who wants to give it the focus. */
  readonly field?: RefObject<HTMLElement | null>;
  readonly onInput: (value: string) => void;
  /** A glyph before the text, with `slot="start"`. */
  readonly children?: ComponentChildren;
}

export function TextField(props: TextFieldProps): VNode {
  const { label, value, placeholder, isDisabled = false, field, onInput, children } = props;
  const input = ({ currentTarget }: Event): void => {
    onInput((currentTarget as HTMLInputElement).value);
  };
  const own = useRef<HTMLElement | null>(null);
  // The toolkit names each field "Text field" when it is put on the page.
  useLayoutEffect(() => own.current?.setAttribute('aria-label', label), [label]);
  return (
    <Element
      ref={(element: HTMLElement | null) => {
        own.current = element;
        if (field !== undefined) field.current = element;
      }}
      value={value}
      placeholder={placeholder}
      disabled={isDisabled}
      onInput={input}
    >
      {children}
    </Element>
  );
}

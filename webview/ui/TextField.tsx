import type { VNode } from 'preact';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-text-field');

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onInput: (value: string) => void;
}

export function TextField({ label, value, placeholder, onInput }: TextFieldProps): VNode {
  const input = ({ currentTarget }: Event): void => {
    onInput((currentTarget as HTMLInputElement).value);
  };
  return <Element aria-label={label} value={value} placeholder={placeholder} onInput={input} />;
}

import type { VNode } from 'preact';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-checkbox');

interface CheckboxProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function Checkbox({ label, isChecked, onChange }: CheckboxProps): VNode {
  const change = ({ currentTarget }: Event): void => {
    onChange((currentTarget as HTMLInputElement).checked);
  };
  return (
    <Element checked={isChecked} onChange={change}>
      {label}
    </Element>
  );
}

import type { VNode } from 'preact';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-dropdown');
const Option = customElement('vscode-option');

interface DropdownProps {
  readonly label: string;
  readonly value: string;
  readonly isDisabled?: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

export function Dropdown(props: DropdownProps): VNode {
  const { label, value, isDisabled = false, options, onChange } = props;
  const change = ({ currentTarget }: Event): void => {
    onChange((currentTarget as HTMLSelectElement).value);
  };
  return (
    <Element aria-label={label} value={value} disabled={isDisabled} onChange={change}>
      {options.map((option) => (
        <Option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </Option>
      ))}
    </Element>
  );
}

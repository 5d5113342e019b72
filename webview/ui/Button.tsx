import type { ComponentChildren, VNode } from 'preact';
import { customElement } from './customElement.ts';

const Element = customElement('vscode-button');

interface ButtonProps {
  readonly kind?: 'primary' | 'secondary';
  readonly isDisabled?: boolean;
  /** Why it is disabled, or what it does. */
  readonly title?: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

export function Button({ kind = 'secondary', isDisabled = false, ...props }: ButtonProps): VNode {
  const { title, onPress, children } = props;
  const press = (): void => {
    if (!isDisabled) onPress();
  };
  return (
    <Element appearance={kind} disabled={isDisabled} title={title} onClick={press}>
      {children}
    </Element>
  );
}

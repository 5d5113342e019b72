import type { ComponentChildren, VNode } from 'preact';
import { customElement } from './customElement.ts';
import { Mark, type MarkName } from './Mark.tsx';

const Element = customElement('vscode-button');

interface ButtonProps {
  readonly kind?: 'primary' | 'secondary';
  readonly isDisabled?: boolean;
  /** Why it is disabled, or what it does. */
  readonly title?: string;
  /** Before the words. */
  readonly mark?: MarkName;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

export function Button({ kind = 'secondary', isDisabled = false, ...props }: ButtonProps): VNode {
  const { title, mark, onPress, children } = props;
  const press = (): void => {
    if (!isDisabled) onPress();
  };
  return (
    <Element appearance={kind} disabled={isDisabled} title={title} onClick={press}>
      {mark !== undefined && (
        <span slot="start">
          <Mark name={mark} />
        </span>
      )}
      {children}
    </Element>
  );
}

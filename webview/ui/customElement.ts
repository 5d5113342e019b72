import type { ComponentChildren, FunctionComponent } from 'preact';

type Properties = Readonly<Record<string, unknown>> & { readonly children?: ComponentChildren };

/** A custom element of the toolkit as something JSX can name; its properties are typed by the wrapper around it. */
export function customElement(tag: string): FunctionComponent<Properties> {
  return tag as unknown as FunctionComponent<Properties>;
}

import { markupText } from '../base/markupText.ts';

/** XML or HTML that was put together here. Only `markup` makes it, so whatever is not one was escaped. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static of(parts: readonly string[], values: readonly MarkupValue[]): Markup {
    const texts = parts.map((part, at) => (at === 0 ? part : textOf(values[at - 1] ?? '') + part));
    return new Markup(texts.join(''));
  }
}

export type MarkupValue = string | number | Markup | readonly Markup[];

function textOf(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return markupText(String(value));
  return value.map(({ text }) => text).join('');
}

/** A template of XML or HTML: values are escaped, unless they are markup themselves. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return Markup.of(parts, values);
}

import type { VNode } from 'preact';
import { SHAPES } from './shapes.ts';
import type { GlyphName } from './shapes.ts';

export type { GlyphName } from './shapes.ts';

interface GlyphProps {
  name: GlyphName;
  /** CSS pixels, 16 unless told. */
  size?: number;
  class?: string;
  /** What it says to a screen reader; left out where a word stands beside it. */
  label?: string;
}

/** One icon in the colour of the text around it. Shapes are built in: nothing a Capsule says becomes markup. */
export function Glyph({ name, size = 16, label, class: extra = '' }: GlyphProps): VNode {
  const said =
    label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return (
    <svg
      {...said}
      class={`glyph ${extra}`.trim()}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="currentColor"
      dangerouslySetInnerHTML={{ __html: SHAPES[name] }}
    />
  );
}

import type { FactKey } from '../facts.ts';

/** A question about the lines of a log, as `parseQuery` reads it. */
export type Query =
  | { readonly kind: 'all' }
  /** The sentence, or the node before it, has this in it; lower case. */
  | { readonly kind: 'text'; readonly text: string }
  /** The line's event has one of these values; lower case, `*` stands for any text. */
  | { readonly kind: 'fact'; readonly key: FactKey; readonly values: readonly string[] }
  /** It happened then; ms since the run began. */
  | ({ readonly kind: 'at' } & Span)
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  /** A line before it (after it) answers `of`; `withinMs` at most from there to here. */
  | {
      readonly kind: 'preceded-by' | 'followed-by';
      readonly of: Query;
      readonly withinMs: number;
    };

/** Both ends included, unless they are open. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Neither end belongs to it. */
  readonly isOpen: boolean;
}

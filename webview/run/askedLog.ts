import { messageOf } from '../../src/base/errors.ts';
import { EVERY_LINE, parseQuery } from '../../src/log/query/parseQuery.ts';
import type { Query } from '../../src/log/query/query.ts';

export interface Asked {
  /** As the query was written. */
  readonly text: string;
  /** The last one that could be asked: what is being written does not empty the log. */
  readonly query: Query;
  /** Why the text cannot be asked, one sentence; '': it can. */
  readonly problem: string;
}

export const NOTHING_ASKED: Asked = { text: '', query: EVERY_LINE, problem: '' };

/** What is asked now that the text has changed. */
export function askedBy(text: string, before: Asked): Asked {
  try {
    return { text: text.trim(), query: parseQuery(text), problem: '' };
  } catch (error) {
    return { ...before, problem: messageOf(error) };
  }
}

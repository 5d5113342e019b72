export const VIEWS = ['run', 'evidence', 'trust', 'compare'] as const;
export type View = (typeof VIEWS)[number];

export const KINDS = ['all', 'pack', 'simulation', 'deploy'] as const;
export const OUTCOMES = ['all', 'passed', 'failed'] as const;

/** What the timeline is narrowed to; all words must be in an entry. */
export interface TimelineFilter {
  readonly words: string;
  readonly kind: (typeof KINDS)[number];
  readonly outcome: (typeof OUTCOMES)[number];
}

export const NO_FILTER: TimelineFilter = { words: '', kind: 'all', outcome: 'all' };

/** What a page shows, as it is remembered: navigation only, never data. */
export interface Place {
  readonly view: View;
  readonly simId?: string;
  /** The runId of the selected ledger entry. */
  readonly entry?: string;
  /** simIds of the runs that are compared. */
  readonly a?: string;
  readonly b?: string;
  /** ms since the run began; left out: live, or the end. */
  readonly t?: number;
  readonly filter: TimelineFilter;
}

type Known<Parts> = { [Name in keyof Parts]?: Exclude<Parts[Name], undefined> };

/** Those parts that there are. */
export function known<Parts extends object>(parts: Parts): Known<Parts> {
  const there = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Known<Parts>;
}

/** Hex digits and hyphens: what comes from an address goes into requests. */
const ID = /^[0-9a-f-]{1,64}$/;

/** A place out of what was kept, whoever wrote it; undefined for what is none. Unknown parts are left out. */
export function placeIn(value: unknown): Place | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Partial<Record<keyof Place, unknown>>;
  const view = VIEWS.find((one) => one === given.view);
  if (view === undefined) return undefined;
  const { t } = given;
  const ids = (['simId', 'entry', 'a', 'b'] as const).flatMap((name) => {
    const id = given[name];
    return typeof id === 'string' && ID.test(id) ? [[name, id] as const] : [];
  });
  return {
    view,
    ...Object.fromEntries(ids),
    ...(typeof t === 'number' && Number.isFinite(t) && t >= 0 ? { t } : {}),
    filter: filterIn(given.filter),
  };
}

function filterIn(value: unknown): TimelineFilter {
  const given = (value ?? {}) as Partial<Record<keyof TimelineFilter, unknown>>;
  return {
    words: typeof given.words === 'string' ? given.words : '',
    kind: KINDS.find((kind) => kind === given.kind) ?? 'all',
    outcome: OUTCOMES.find((outcome) => outcome === given.outcome) ?? 'all',
  };
}

/** @param fragment of the address, with or without its `#` */
export function placeOfFragment(fragment: string): Place | undefined {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const t = parts.get('t');
  return placeIn({
    view: parts.get('view'),
    simId: parts.get('sim'),
    entry: parts.get('entry'),
    a: parts.get('a'),
    b: parts.get('b'),
    t: t === null ? undefined : Number(t),
    filter: {
      words: parts.get('words'),
      kind: parts.get('kind'),
      outcome: parts.get('outcome'),
    },
  });
}

/** The fragment with the place in it. What else is there stays: the token comes in it. */
export function fragmentWith(fragment: string, shown: Place): string {
  const { view, simId, entry, a, b, t, filter } = shown;
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const place = {
    view,
    sim: simId,
    entry,
    a,
    b,
    // To the microsecond, as events state it: a rounded instant is another one.
    t: t === undefined ? undefined : String(Math.round(t * 1_000) / 1_000),
    words: filter.words,
    kind: filter.kind === 'all' ? '' : filter.kind,
    outcome: filter.outcome === 'all' ? '' : filter.outcome,
  };
  for (const [name, value] of Object.entries(place)) {
    if (value === undefined || value === '') parts.delete(name);
    else parts.set(name, value);
  }
  return `#${parts.toString()}`;
}

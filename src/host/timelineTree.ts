import type { Integrity, ProvenancePage, ProvenanceRun } from '../model/provenanceApi.ts';

/** The provenance tree without the editor: its rows, and what each says. */
export interface TimelineRow {
  readonly icon: string;
  /** A theme colour; left out: the tree's own. */
  readonly color?: string;
  readonly label: string;
  readonly description: string;
  /** The description in full words, for a screen reader. */
  readonly spoken?: string;
  readonly tooltip: string;
  readonly contextValue: string;
}

export interface TimelineDay {
  readonly kind: 'day';
  readonly day: string;
  readonly runs: readonly ProvenanceRun[];
}

/** The ledger cannot be believed from some entry on. */
export interface BrokenLedger {
  readonly kind: 'broken';
  readonly sentence: string;
}

export interface OlderRuns {
  readonly kind: 'older';
}

export type TimelineElement = TimelineDay | BrokenLedger | OlderRuns | ProvenanceRun;

const ICONS: Record<ProvenanceRun['kind'], string> = {
  pack: 'package',
  simulation: 'type-hierarchy',
  'gate-decision': 'key',
  deploy: 'rocket',
};

const OUTCOME_ICONS: Partial<Record<ProvenanceRun['status'], readonly [string, string?]>> = {
  pass: ['pass', 'testing.iconPassed'],
  fail: ['error', 'testing.iconFailed'],
  running: ['sync~spin'],
  allowed: ['check', 'testing.iconPassed'],
  refused: ['circle-slash', 'testing.iconFailed'],
};

const OUTCOME_WORDS: Partial<Record<ProvenanceRun['status'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  running: 'running',
  unfinished: 'unfinished',
  allowed: 'ALLOWED',
  refused: 'REFUSED',
};

const GLASS_BROKEN = 'GLASS BROKEN';

const EVIDENCE_BADGE = 'Simulation Evidence';

const SHORT_HASH = 7;

/** The rows at the top of the tree: what is wrong with the ledger, the days, and whether there is more. */
export function elementsOf(
  pages: readonly ProvenancePage[],
  today: Date,
  timeZone?: string,
): TimelineElement[] {
  const runs = pages.flatMap((page) => page.runs);
  const integrity = pages[0]?.integrity;
  return [
    ...(integrity?.status === 'broken' ? [brokenLedger(integrity)] : []),
    ...daysOf(runs, today, timeZone),
    ...(pages.at(-1)?.next === undefined ? [] : [{ kind: 'older' } as const]),
  ];
}

/** Days of the person's own time zone in the order of the runs, newest first. */
export function daysOf(
  runs: readonly ProvenanceRun[],
  today: Date,
  timeZone?: string,
): TimelineDay[] {
  // Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone });
  const days = new Map<string, ProvenanceRun[]>();
  for (const run of runs) {
    const day = format.format(new Date(run.at));
    const ofDay = days.get(day);
    if (ofDay === undefined) days.set(day, [run]);
    else ofDay.push(run);
  }
  const thisDay = format.format(today);
  return [...days].map(([day, ofDay]) => ({
    kind: 'day',
    day: day === thisDay ? 'Today' : day,
    runs: ofDay,
  }));
}

export function rowOf(run: ProvenanceRun): TimelineRow {
  if (!run.isProven) return unprovenRow(run);
  const isGlass = run.isBreakGlass === true;
  const outcome = isGlass ? (['flame', 'testing.iconFailed'] as const) : OUTCOME_ICONS[run.status];
  const [icon = ICONS[run.kind], color] = outcome ?? [];
  const words = (badge: string): string =>
    [
      isGlass ? GLASS_BROKEN : OUTCOME_WORDS[run.status],
      hasEvidence(run) ? badge : undefined,
      run.summary,
    ]
      .filter(Boolean)
      .join(' · ');
  return {
    icon,
    ...(color === undefined ? {} : { color }),
    label: run.title,
    // Of a side bar's default width, no more than this can be read beside the label.
    description: words('Evidence'),
    spoken: words(EVIDENCE_BADGE),
    tooltip: tooltipOf(run),
    contextValue: contextOf(run),
  };
}

/** What an entry says of itself is not repeated while it cannot be believed. */
function unprovenRow(run: ProvenanceRun): TimelineRow {
  return {
    icon: 'warning',
    label: run.title,
    description: ['unproven', run.problem].filter(Boolean).join(' · '),
    tooltip: tooltipOf(run),
    contextValue: contextOf(run),
  };
}

function contextOf({ kind, status }: ProvenanceRun): string {
  return `meshSim.${kind}.${status}`;
}

export function brokenRow({ sentence }: BrokenLedger): TimelineRow {
  return {
    icon: 'warning',
    color: 'problemsErrorIcon.foreground',
    label: 'Ledger broken',
    description: sentence,
    tooltip: sentence,
    contextValue: 'broken',
  };
}

export const OLDER_ROW: TimelineRow = {
  icon: 'history',
  label: 'Load more',
  description: 'older runs',
  tooltip: 'Show older runs of this workspace',
  contextValue: 'older',
};

export function hasEvidence(run: ProvenanceRun): boolean {
  return run.kind === 'simulation' && (run.status === 'pass' || run.status === 'fail');
}

function brokenLedger({ sentence, brokenAt }: Integrity): BrokenLedger {
  const where = brokenAt === undefined ? '' : `entry ${brokenAt}: `;
  return { kind: 'broken', sentence: `${where}${sentence}` };
}

function tooltipOf(run: ProvenanceRun): string {
  const signer = run.signer?.name ?? run.signer?.fingerprint;
  return [
    ...(hasEvidence(run) ? [EVIDENCE_BADGE] : []),
    run.title,
    run.isProven ? run.summary : `unproven: ${run.problem ?? ''}`,
    ...(signer === undefined ? [] : [`signed by ${signer}`]),
    `Capsule ${run.capsuleHash.slice(0, SHORT_HASH)}, entry ${run.index}, ${run.at}`,
  ].join('\n');
}

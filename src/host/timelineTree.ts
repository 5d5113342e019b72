import type { ProvenanceRun } from '../model/api.ts';

/** The provenance tree without the editor: what each row says. */
export interface TimelineRow {
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly contextValue: string;
}

export interface TimelineDay {
  readonly day: string;
  readonly runs: readonly ProvenanceRun[];
}

const ICONS: Record<ProvenanceRun['kind'], string> = {
  pack: 'package',
  simulation: 'type-hierarchy',
  'gate-decision': 'key',
  deploy: 'rocket',
};

const OUTCOME_ICONS: Partial<Record<ProvenanceRun['status'], string>> = {
  pass: 'pass',
  fail: 'error',
  running: 'sync~spin',
  refused: 'circle-slash',
};

const OUTCOME_WORDS: Partial<Record<ProvenanceRun['status'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  running: 'running',
  unfinished: 'unfinished',
  allowed: 'ALLOWED',
  refused: 'REFUSED',
};

const SHORT_HASH = 7;

/** Days in the order of the runs, newest first; `at` is shown in UTC, as evidence states it. */
export function daysOf(runs: readonly ProvenanceRun[]): TimelineDay[] {
  const days = new Map<string, ProvenanceRun[]>();
  for (const run of runs) {
    const day = run.at.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), run]);
  }
  return [...days].map(([day, ofDay]) => ({ day, runs: ofDay }));
}

export function rowOf(run: ProvenanceRun): TimelineRow {
  return {
    icon: OUTCOME_ICONS[run.status] ?? ICONS[run.kind],
    label: run.title,
    description: [OUTCOME_WORDS[run.status], run.summary].filter(Boolean).join(' · '),
    tooltip: tooltipOf(run),
    contextValue: `meshSim.${run.kind}.${run.status}`,
  };
}

export function hasEvidence(run: ProvenanceRun): boolean {
  return run.kind === 'simulation' && (run.status === 'pass' || run.status === 'fail');
}

function tooltipOf(run: ProvenanceRun): string {
  const signer = run.signer?.name ?? run.signer?.fingerprint;
  return [
    hasEvidence(run) ? 'Simulation Evidence' : run.title,
    run.summary,
    ...(signer === undefined ? [] : [`signed by ${signer}`]),
    `Capsule ${run.capsuleHash.slice(0, SHORT_HASH)}, entry ${run.index}, ${run.at}`,
    ...(run.isProven ? [] : ['not proven: the ledger is broken at or before this entry']),
  ].join('\n');
}

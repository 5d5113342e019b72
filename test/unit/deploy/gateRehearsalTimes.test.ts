import {
  DAY_MS,
  HOUR_MS,
  MS_7_DAYS,
  open,
  sealedLater,
  testCases,
  type Case,
} from '../../support/gateCases.ts';
import { ENDED_MS } from '../../support/gateWorld.ts';

/** Which rehearsal counts: by its age, and by its place in the ledger. */
const CASES: readonly Case[] = [
  { name: 'as old as allowed, to the millisecond', now: ENDED_MS + MS_7_DAYS, failed: [] },
  { name: 'a millisecond too old', now: ENDED_MS + MS_7_DAYS + 1, failed: ['fresh'] },
  { name: 'a millisecond younger than too old', now: ENDED_MS + MS_7_DAYS - 1, failed: [] },
  { name: 'a year old', now: ENDED_MS + 365 * DAY_MS, failed: ['fresh'] },
  {
    name: 'half a day allowed, to the millisecond',
    gate: { maxAgeDays: 0.5 },
    now: ENDED_MS + DAY_MS / 2,
    failed: [],
  },
  {
    name: 'half a day allowed, a millisecond more',
    gate: { maxAgeDays: 0.5 },
    now: ENDED_MS + DAY_MS / 2 + 1,
    failed: ['fresh'],
  },
  { name: 'asked at the instant it ended', now: ENDED_MS, failed: [] },
  {
    name: 'five minutes in the future, as clocks may differ',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS - DAY_MS).toISOString() } }),
    now: ENDED_MS - 5 * 60_000,
    failed: [],
  },
  {
    name: 'a millisecond more than five minutes in the future',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS - DAY_MS).toISOString() } }),
    now: ENDED_MS - 5 * 60_000 - 1,
    failed: ['not-in-future'],
  },
  {
    name: 'a clock set back by a millisecond',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS + HOUR_MS + 1).toISOString() } }),
    failed: ['clock-sane'],
  },
  {
    name: 'a clock that says what the newest entry says',
    input: () => ({ ledger: { newestAt: new Date(ENDED_MS + HOUR_MS).toISOString() } }),
    failed: [],
  },
  {
    name: 'a clock set back to before the run',
    now: ENDED_MS - DAY_MS,
    failed: ['clock-sane', 'not-in-future'],
  },
  {
    name: 'a ledger without a time to compare',
    input: () => ({ ledger: {} }),
    failed: ['clock-sane'],
  },
  { name: 'a clock that is no number', now: -8.64e15, failed: ['clock-sane', 'not-in-future'] },

  // Which rehearsal counts
  { name: 'no rehearsal', input: () => ({ runs: [], evidence: undefined }), failed: ['rehearsed'] },
  {
    name: 'no rehearsal, and one that was never sealed',
    input: () => ({ runs: [open(3)], evidence: undefined }),
    failed: ['rehearsed', 'newest-run-sealed'],
  },
  {
    name: 'a run started later and never sealed',
    input: ({ runs }) => ({ runs: [...runs, open(3)] }),
    failed: ['newest-run-sealed'],
  },
  {
    name: 'a run started while this one ran, and never sealed',
    input: ({ runs }) => ({ runs: [...runs, { ...open(1.5) }] }),
    failed: ['newest-run-sealed'],
  },
  {
    name: 'a run never sealed, but started earlier',
    input: ({ runs }) => ({ runs: [open(0), ...runs] }),
    failed: [],
  },
  {
    name: 'three orphans, all earlier',
    input: ({ runs }) => ({ runs: [open(0), open(0.2), open(0.5), ...runs] }),
    failed: [],
  },
  {
    name: 'a newer run that failed, whose evidence is at hand',
    run: { outcome: 'fail' },
    failed: ['outcome-pass'],
  },
  {
    name: 'a newer failure, with the older pass shown in its place',
    input: ({ runs }) => ({ runs: [...runs, sealedLater(4, 'fail')] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'a newer pass, with the older one shown in its place',
    input: ({ runs }) => ({ runs: [...runs, sealedLater(4, 'pass')] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'an older failure',
    input: ({ runs }) => ({ runs: [{ ...sealedLater(1, 'fail'), startedAt: 0 }, ...runs] }),
    failed: [],
  },
  {
    name: 'an entry that is later by index but older by its clock',
    input: ({ runs }) => ({ runs: [sealedLater(9, 'fail'), ...runs] }),
    failed: ['evidence-recorded', 'same-capsule'],
  },

  // What was rehearsed
];

describe('the gate of production, of when a rehearsal was', () => {
  testCases(CASES);
});

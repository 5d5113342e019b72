import { plannedRun } from './plannedRun.ts';
import type { Rule } from './rule.ts';

/** The plan is one a run can start with: its topology, its chaos and its drift are about its own nodes. */
export const planCanBeRun: Rule = function* ({ plan }) {
  const run = plannedRun(plan);
  if (typeof run === 'string') yield `No run can follow its plan: ${run}`;
};

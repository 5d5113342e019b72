import type { Plan } from '../../model/plan.ts';

/** A plan that is smaller than the one it was made from, in one respect. */
export interface Candidate {
  /** What it is or leaves out, for people: "without fault 2 (kill n3)". */
  readonly what: string;
  readonly plan: Plan;
}

/** What can be made smaller in one respect, the smallest first. */
export type Pass = (plan: Plan) => readonly Candidate[];

import * as z from 'zod/mini';

const count = z.int().check(z.minimum(0));

/** What chaos has an agent do to the services of its node: named as the fault of the plan. */
export type Disturbance =
  /** `services` left out: all of the node. */
  | { kind: 'pause'; services?: string[] | undefined }
  /** `service` left out: all of the node. */
  | { kind: 'killService'; service?: string | undefined }
  /** `names` left out: every name. `delayMs` left out: they fail. */
  | { kind: 'dns'; names?: string[] | undefined; delayMs?: number | undefined };

/** Between orchestrator and agent a disturbance is known by the index of its fault in the schedule. */
export interface DisturbCommand {
  type: 'disturb';
  fault: number;
  /** Left out: it is over. */
  what?: Disturbance | undefined;
}

/** How it went. After `acted`, `healed` follows when it is over; after `not-applied` nothing does. */
export const disturbedReportSchema = z.strictObject({
  type: z.literal('disturbed'),
  at: z.number(),
  fault: count,
  status: z.enum(['acted', 'not-applied', 'healed']),
  count: z
    .optional(count)
    .check(z.describe('processes or answers it has acted on since the last report of it')),
  sentence: z.string(),
});

export type DisturbedReport = z.infer<typeof disturbedReportSchema>;

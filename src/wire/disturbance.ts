import * as z from 'zod/mini';
import { serviceNameSchema } from '../model/names.ts';

const count = z.int().check(z.minimum(0));

/** What chaos has an agent do to the services of its node: named as the fault of the plan. */
export const disturbanceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pause'),
    services: z.optional(z.array(serviceNameSchema)).check(z.describe('left out: all of the node')),
  }),
  z.strictObject({
    kind: z.literal('killService'),
    service: z.optional(serviceNameSchema).check(z.describe('left out: all of the node')),
  }),
  z.strictObject({
    kind: z.literal('dns'),
    names: z.optional(z.array(z.string())).check(z.describe('left out: every name')),
    delayMs: z.optional(count).check(z.describe('left out: they fail')),
  }),
]);

export type Disturbance = z.infer<typeof disturbanceSchema>;

/** Between orchestrator and agent a disturbance is known by the index of its fault in the schedule. */
export const disturbCommandSchema = z.strictObject({
  type: z.literal('disturb'),
  fault: count,
  what: z.optional(disturbanceSchema).check(z.describe('left out: it is over')),
});

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

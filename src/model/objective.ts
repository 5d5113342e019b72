import * as z from 'zod/mini';
import { isSeen } from './names.ts';

/** What a service promises; measured during a run and recorded as an indicator beside the result. */
export const objectiveSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(64), isSeen),
  metric: z.enum([
    'latency-p95-ms',
    'latency-p99-ms',
    'availability-percent',
    'time-to-healthy-ms',
    'recovery-ms',
  ]),
  comparator: z.enum(['<=', '>=']),
  threshold: z.number().check(z.nonnegative()),
  measuredBy: z
    .optional(z.enum(['probes', 'calls']))
    .check(
      z.describe(
        'of latency and availability: by other nodes that ask, or by the services that call it. Left out: by probes, or by calls where health is a command',
      ),
    ),
});

export type Objective = z.infer<typeof objectiveSchema>;

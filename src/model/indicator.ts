import * as z from 'zod/mini';
import { PROBED_OVER } from './measuredBy.ts';
import { countSchema } from './names.ts';
import { UPGRADE_WINDOWS } from './upgradeReport.ts';

/** What was measured of an objective of a service, and whether it was met. */
export const indicatorSchema = z.strictObject({
  name: z.string().check(z.minLength(1)),
  metric: z.string().check(z.minLength(1)),
  comparator: z.enum(['<=', '>=']),
  threshold: z.number(),
  value: z.number(),
  measuredBy: z
    .optional(z.enum(['probes', 'calls']))
    .check(z.describe('of latency and availability; evidence of earlier releases does not say it')),
  over: z
    .optional(z.enum(PROBED_OVER))
    .check(
      z.describe(
        'of probes: wire: requests to the service itself; protocol: messages to the agent of its node, which is all that earlier releases had',
      ),
    ),
  sampleSize: countSchema,
  passed: z.boolean(),
});

/** The same in one window of an upgrade. */
export const windowIndicatorSchema = z.extend(indicatorSchema, { window: z.enum(UPGRADE_WINDOWS) });

export type Indicator = z.infer<typeof indicatorSchema>;
export type WindowIndicator = z.infer<typeof windowIndicatorSchema>;

import * as z from 'zod';
import { nodeIdSchema } from './names.ts';

const ms = z.number().min(0).max(60_000);
const probability = z.number().min(0).max(1);

/** One-way delay of a link, in milliseconds. */
export const delaySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform'), minMs: ms, maxMs: ms }),
  z.strictObject({ kind: z.literal('constant'), ms }),
  z.strictObject({
    kind: z.literal('log-normal'),
    shiftMs: ms,
    medianMs: ms,
    sigma: z.number().min(0).max(5),
  }),
  z.strictObject({
    kind: z.literal('quantiles'),
    ms: z
      .array(ms)
      .min(2)
      .max(1001)
      .describe('evenly spaced quantiles from 0 to 1, not decreasing'),
  }),
]);

/**
 * `gilbert-elliott`: p = P(good→bad), r = P(bad→good) per packet; lossGood = 1−k, lossBad = 1−h.
 * Mean loss = π·lossBad + (1−π)·lossGood with π = p/(p+r); mean stay in the bad state is 1/r packets.
 */
export const lossSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bernoulli'), p: probability }),
  z.strictObject({
    kind: z.literal('gilbert-elliott'),
    p: probability,
    r: probability,
    lossGood: probability,
    lossBad: probability,
  }),
]);

export const linkStateSchema = z.enum(['up', 'blackhole', 'refused']);

export const linkSchema = z.strictObject({
  delay: delaySchema,
  loss: lossSchema,
  rateBitsPerSecond: z.number().positive().optional(),
  queueBytes: z.int().positive().optional(),
  duplicate: probability.optional(),
  corrupt: probability.optional(),
  state: linkStateSchema.optional(),
});

const customLinkSchema = linkSchema.partial().extend({ from: nodeIdSchema, to: nodeIdSchema });

/** Which nodes are linked, and how. `uniform`: every pair, with the plan's latency and loss. */
export const topologySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform') }),
  z.strictObject({ kind: z.literal('ring') }),
  z.strictObject({ kind: z.literal('star'), centre: nodeIdSchema.default('n0') }),
  z.strictObject({
    kind: z.literal('regions'),
    regions: z.array(z.string().min(1)).min(2).max(16),
    rttMs: z
      .array(z.array(z.number().min(0).max(2_000)))
      .describe('round-trip times between regions; nodes take regions in turn'),
  }),
  z.strictObject({
    kind: z.literal('custom'),
    links: z
      .array(customLinkSchema)
      .min(1)
      .describe('directed links; what one leaves out comes from the plan'),
  }),
]);

export type Delay = z.infer<typeof delaySchema>;
export type Loss = z.infer<typeof lossSchema>;
export type LinkSpec = z.infer<typeof linkSchema>;
export type Topology = z.infer<typeof topologySchema>;

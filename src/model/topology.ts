import * as z from 'zod/mini';
import { nodeIdSchema } from './names.ts';
import { REGION_COUNT } from './paramLimits.ts';

const ms = z.number().check(z.minimum(0), z.maximum(60_000));
const probability = z.number().check(z.minimum(0), z.maximum(1));

/** One-way delay of a link, in milliseconds. */
export const delaySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform'), minMs: ms, maxMs: ms }),
  z.strictObject({ kind: z.literal('constant'), ms }),
  z.strictObject({
    kind: z.literal('log-normal'),
    shiftMs: ms,
    medianMs: ms,
    sigma: z.number().check(z.minimum(0), z.maximum(5)),
  }),
  z.strictObject({
    kind: z.literal('quantiles'),
    ms: z
      .array(ms)
      .check(
        z.minLength(2),
        z.maxLength(1001),
        z.describe('evenly spaced quantiles from 0 to 1, not decreasing'),
      ),
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
  rateBitsPerSecond: z.optional(z.number().check(z.positive())),
  queueBytes: z.optional(z.int().check(z.positive())),
  duplicate: z.optional(probability),
  corrupt: z.optional(probability),
  state: z.optional(linkStateSchema),
});

const customLinkSchema = z.extend(z.partial(linkSchema), { from: nodeIdSchema, to: nodeIdSchema });

/** Which nodes are linked, and how. `uniform`: every pair, with the plan's latency and loss. */
export const topologySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('uniform') }),
  z.strictObject({ kind: z.literal('ring') }),
  z.strictObject({ kind: z.literal('star'), centre: z._default(nodeIdSchema, 'n0') }),
  z.strictObject({
    kind: z.literal('regions'),
    regions: z
      .array(z.string().check(z.minLength(1)))
      .check(z.minLength(REGION_COUNT.min), z.maxLength(REGION_COUNT.max)),
    rttMs: z
      .array(z.array(z.number().check(z.minimum(0), z.maximum(2_000))))
      .check(z.describe('round-trip times between regions; nodes take regions in turn')),
  }),
  z.strictObject({
    kind: z.literal('custom'),
    links: z
      .array(customLinkSchema)
      .check(z.minLength(1), z.describe('directed links; what one leaves out comes from the plan')),
  }),
]);

/** As a plan says them; what a link has of them is in model/linkSpec.ts. */
export type Delay = z.infer<typeof delaySchema>;
export type Loss = z.infer<typeof lossSchema>;
/** What a plan says of one link. */
export type LinkSettings = z.infer<typeof linkSchema>;
export type Topology = z.infer<typeof topologySchema>;

import * as z from 'zod/mini';

/** How one indicator of a run compares with that of its baseline. */
export const comparisonSchema = z.strictObject({
  name: z.string().check(z.describe('of the indicator')),
  verdict: z
    .enum(['pass', 'fail', 'inconclusive'])
    .check(z.describe('fail: worse than the baseline; pass: shown not to be; else inconclusive')),
  sentence: z.string().check(z.describe('why, with the figures')),
  pValue: z
    .optional(z.number().check(z.minimum(0), z.maximum(1)))
    .check(z.describe('two-sided Mann–Whitney')),
  effect: z
    .optional(z.number().check(z.minimum(-1), z.maximum(1)))
    .check(z.describe("Cliff's delta: above 0, the values of this run are the higher ones")),
  effectWithin: z
    .optional(
      z.tuple([
        z.number().check(z.minimum(-1), z.maximum(1)),
        z.number().check(z.minimum(-1), z.maximum(1)),
      ]),
    )
    .check(z.describe('95 % interval of the effect')),
});

export type Comparison = z.infer<typeof comparisonSchema>;

import * as z from 'zod';

/** How one indicator of a run compares with that of its baseline. */
export const comparisonSchema = z.strictObject({
  name: z.string().describe('of the indicator'),
  verdict: z
    .enum(['pass', 'fail', 'inconclusive'])
    .describe('fail: worse than the baseline; pass: shown not to be; else inconclusive'),
  sentence: z.string().describe('why, with the figures'),
  pValue: z.number().min(0).max(1).optional().describe('two-sided Mann–Whitney'),
  effect: z
    .number()
    .min(-1)
    .max(1)
    .optional()
    .describe("Cliff's delta: above 0, the values of this run are the higher ones"),
});

export type Comparison = z.infer<typeof comparisonSchema>;

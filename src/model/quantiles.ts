import * as z from 'zod/mini';

/** Quantiles in ms with 3 decimals; null when no packet arrived. */
export const quantilesSchema = z.nullable(
  z.strictObject({ p50: z.number(), p90: z.number(), p99: z.number() }),
);

export type Quantiles = z.infer<typeof quantilesSchema>;

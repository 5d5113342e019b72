import * as z from 'zod/mini';
import { ISOLATION_LIMITS, ISOLATIONS } from './isolation.ts';
import { digestSchema } from './names.ts';

/** Where a run happened, and how far its nodes were kept apart. */
export const runEnvironmentSchema = z.strictObject({
  os: z.string(),
  arch: z.string(),
  node: z.string(),
  product: z.string(),
  fidelity: z
    .enum(['virtual', 'datagram', 'kernel', 'stream-stall'])
    .check(
      z.describe(
        "what crossed the emulated network: datagram: the rollout protocol's packets; kernel: those of services too, each an IP packet of the kernel",
      ),
    ),
  kernel: z
    .optional(z.string().check(z.minLength(1)))
    .check(z.describe('version of the kernel whose TCP services spoke')),
  tcp: z.optional(
    z.strictObject({
      congestionControl: z
        .string()
        .check(
          z.minLength(1),
          z.describe('what sockets of services get unless they ask for another'),
        ),
    }),
  ),
  degraded: z.boolean().check(z.describe('p99 of the timing error exceeded its budget')),
  isolation: z
    .optional(z.enum(ISOLATIONS))
    .check(
      z.describe(
        'how far services were kept apart from the machine, on the node where it was least; left out: no service ran, or an earlier release sealed it',
      ),
    ),
  isolationLimit: z
    .optional(
      z.strictObject({
        by: z.enum(ISOLATION_LIMITS),
        reason: z.string().check(z.minLength(1)),
      }),
    )
    .check(z.describe('why not further: the machine gives no more, or settings asked for no more')),
  envFingerprint: z.optional(digestSchema),
});

import * as z from 'zod/mini';
import { nodeIdSchema } from './names.ts';
import { linkSchema } from './topology.ts';

/** ms */
export const durationSchema = z.int().check(z.minimum(0), z.maximum(600_000));

/**
 * What a fault does, a schema for each kind. The key that names the kind is required and of no other kind: it tells them
 * apart (faultKinds.ts).
 */
export const effectSchema = z.union([
  z.strictObject({
    kill: nodeIdSchema.check(z.describe('SIGKILL of the node and all it started')),
    restartAfterMs: z.optional(durationSchema).check(z.describe('left out: the node stays down')),
  }),
  z.strictObject({
    partition: z.strictObject({
      from: z.array(nodeIdSchema).check(z.minLength(1)),
      to: z.array(nodeIdSchema).check(z.minLength(1)),
      oneWay: z._default(z.boolean(), false),
    }),
    healAfterMs: z.optional(durationSchema),
  }),
  z.strictObject({
    degradeLink: z.extend(z.partial(linkSchema), { from: nodeIdSchema, to: nodeIdSchema }),
  }),
  z.strictObject({ slow: nodeIdSchema, factor: z.number().check(z.minimum(1), z.maximum(100)) }),
  z.strictObject({
    corruptChunks: z.strictObject({
      to: nodeIdSchema,
      count: z.int().check(z.minimum(1), z.maximum(10_000)),
    }),
  }),
  z.strictObject({ byzantine: nodeIdSchema.check(z.describe('relays an altered Capsule')) }),
]);

export type FaultEffect = z.infer<typeof effectSchema>;

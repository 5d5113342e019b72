import * as z from 'zod/mini';
import { ACCESS_OF_PRESET, ACCESS_PRESETS } from './accessPresets.ts';
import { nodeIdSchema } from './names.ts';
import { ACCESS_NODES, PRESET_NAME_LENGTH, RATE_BITS } from './paramLimits.ts';
import { delaySchema, lossSchema } from './topology.ts';

const rate = z.number().check(z.minimum(RATE_BITS.min), z.maximum(RATE_BITS.max));

/** A node's own last mile. It holds on each of its links in both directions; how it adds to a path: withLastMiles of model/linkSpec.ts. */
export const accessSchema = z.strictObject({
  preset: z
    .optional(
      z.string().check(z.minLength(PRESET_NAME_LENGTH.min), z.maxLength(PRESET_NAME_LENGTH.max)),
    )
    .check(z.describe('what people call it; the figures beside it are what holds')),
  delay: z.optional(delaySchema).check(z.describe('one way, on top of that of the path')),
  loss: z.optional(lossSchema),
  upBitsPerSecond: z.optional(rate).check(z.describe('shared by all links that leave the node')),
  downBitsPerSecond: z.optional(rate).check(z.describe('shared by all links that enter the node')),
});

/** By the name of a preset or in figures; a plan that was read has figures. */
const accessChoiceSchema = z.pipe(
  z.union([z.enum(ACCESS_PRESETS), accessSchema], {
    error: `no such access link: name one of ${ACCESS_PRESETS.join(', ')}, or give delay, loss, upBitsPerSecond or downBitsPerSecond`,
  }),
  z.transform((choice) => (typeof choice === 'string' ? ACCESS_OF_PRESET[choice] : choice)),
);

export const nodeAccessSchema = z.record(nodeIdSchema, accessChoiceSchema).check(
  z.refine(
    (access) => Object.keys(access).length <= ACCESS_NODES,
    `names more than ${ACCESS_NODES} nodes: leave some out`,
  ),
  z.describe('node → its last mile, by the name of a preset or in figures'),
);

export type Access = z.infer<typeof accessSchema>;
/** Node → its last mile. */
export type NodeAccess = Readonly<Record<string, Access>>;

import * as z from 'zod/mini';
import { nodeIdSchema, serviceNameSchema } from './names.ts';
import { linkSchema } from './topology.ts';

/** ms */
export const durationSchema = z.int().check(z.minimum(0), z.maximum(600_000));

/** More than a disk in memory has. */
const MOST_LEFT = 1_000_000_000_000;

const sidesSchema = z.strictObject({
  from: z.array(nodeIdSchema).check(z.minLength(1)),
  to: z.array(nodeIdSchema).check(z.minLength(1)),
  oneWay: z._default(z.boolean(), false),
});

/** Of the mesh, without `.mesh`: `n2`, `orders`, `orders.n2`; or any other. */
const namesSchema = z
  .optional(z.array(z.string().check(z.minLength(1), z.maxLength(253))).check(z.minLength(1)))
  .check(z.describe('left out: every name'));
const askersSchema = z.array(nodeIdSchema).check(z.minLength(1));

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
    partition: sidesSchema,
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
  z.strictObject({
    pause: nodeIdSchema.check(z.describe('SIGSTOP of all processes of its services')),
    services: z
      .optional(z.array(serviceNameSchema).check(z.minLength(1)))
      .check(z.describe('left out: all of them')),
    forMs: durationSchema.check(z.describe('then SIGCONT')),
  }),
  z.strictObject({
    killService: z
      .strictObject({
        node: nodeIdSchema,
        service: z.optional(serviceNameSchema).check(z.describe('left out: all of them')),
      })
      .check(z.describe('SIGKILL of all its processes; the node starts it again')),
  }),
  z.strictObject({
    refuse: sidesSchema.check(
      z.describe('packets of services are refused, with RST or ICMP, and not carried'),
    ),
    forMs: durationSchema,
  }),
  z.strictObject({
    dns: z.discriminatedUnion('mode', [
      z.strictObject({ nodes: askersSchema, names: namesSchema, mode: z.literal('fail') }),
      z.strictObject({
        nodes: askersSchema,
        names: namesSchema,
        mode: z.literal('delay'),
        delayMs: durationSchema,
      }),
    ]),
    forMs: durationSchema,
  }),
  z.strictObject({
    fillDisk: nodeIdSchema.check(z.describe('the disk of its services has no room left: ENOSPC')),
    leaveBytes: z
      ._default(z.int().check(z.minimum(0), z.maximum(MOST_LEFT)), 0)
      .check(z.describe('room that it has left at first')),
    forMs: durationSchema.check(z.describe('then it has room again')),
  }),
]);

export type FaultEffect = z.infer<typeof effectSchema>;

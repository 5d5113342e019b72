import * as z from 'zod/mini';
import { countSchema, digestSchema } from './names.ts';
import { quantilesSchema } from './quantiles.ts';

/**
 * What services of different nodes said to each other, as IP packets through the network emulator: sums over all links. How many
 * packets kernels send differs from run to run, so all of it is of this run alone.
 */
export const serviceTrafficSchema = z.strictObject({
  sent: countSchema.check(z.describe('packets that entered the emulated network')),
  bytes: countSchema.check(z.describe('of the packets sent, IP headers included')),
  delivered: countSchema.check(z.describe('a double counts as another one')),
  lost: countSchema.check(z.describe("taken by the links' loss, or damaged")),
  queueDropped: countSchema.check(z.describe('came to a full queue')),
  unreachable: countSchema.check(z.describe('cut off, or their receiver had no wire')),
  refused: z.strictObject({
    forgedSource: countSchema.check(z.describe("with another source than their node's")),
    foreignDestination: countSchema.check(z.describe('to an address of no node of this run')),
    unreadable: countSchema.check(z.describe('no IPv4, or not well-formed')),
  }),
  uncontrolled: z
    .nullable(countSchema)
    .check(
      z.describe(
        'dropped by this machine and not by the link model: before the device of a node, or because too much was on its way; expected: 0; null: some device could not be looked at',
      ),
    ),
  timingErrorMs: quantilesSchema.check(z.describe('achieved minus configured delay')),
  decisionsDigest: digestSchema.check(
    z.describe('as that of the protocol; no replay makes it again'),
  ),
});

export type ServiceTraffic = z.infer<typeof serviceTrafficSchema>;

import * as z from 'zod/mini';
import { HOST_KINDS } from './hostKinds.ts';

const someNodes = z.int().check(z.minimum(1), z.maximum(10));

/** What may be asked of the machines that the nodes of a rehearsal lived on. What is left out is not asked for. */
export const hostDemandSchema = z
  .strictObject({
    kinds: z
      .optional(z.array(z.enum(HOST_KINDS)).check(z.minLength(1), z.maxLength(HOST_KINDS.length)))
      .check(z.describe('every node lived on one of these; local: the machine that rehearsed')),
    minRemote: z
      .optional(someNodes)
      .check(
        z.describe('at least so many nodes lived elsewhere than on the machine that rehearsed'),
      ),
    distinctHosts: z
      .optional(someNodes)
      .check(
        z.describe(
          'nodes lived on at least so many hosts, the machine that rehearsed included; hosts that ssh reached count by their key',
        ),
      ),
    maxClockErrorMs: z
      .optional(z.number().check(z.positive(), z.maximum(60_000)))
      .check(z.describe('how well the clock of every other host had to be known')),
    platform: z
      .optional(
        z
          .string()
          .check(
            z.regex(
              /^[a-z0-9]+(\/[a-z0-9]+)?$/,
              'must be a system as Node.js names it: linux, linux/arm64',
            ),
          ),
      )
      .check(
        z.describe(
          'every node ran on it, such as linux or linux/arm64; of other hosts this is their own claim',
        ),
      ),
  })
  .check(
    z.refine((demand) => Object.keys(demand).length > 0, {
      message: 'must ask for something, such as "minRemote": 2',
    }),
  );

export type HostDemand = z.infer<typeof hostDemandSchema>;

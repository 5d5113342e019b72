import * as z from 'zod/mini';
import { countSchema, isoTimeSchema } from './names.ts';

const occurrence = {
  fault: countSchema.check(z.describe("index in the plan's resolved chaos schedule")),
  firedAt: z.nullable(isoTimeSchema).check(z.describe('null: it never fired')),
  endedAt: z
    .nullable(isoTimeSchema)
    .check(
      z.describe(
        'the killed node was started again, the partition healed, the fault was over; null: it lasted',
      ),
    ),
};

const impaired = countSchema.check(
  z.describe(
    'packets of the rollout protocol that it lost, delayed, damaged, doubled or cut off: without it, each would have fared better',
  ),
);
const impairedOfServices = z
  .optional(countSchema)
  .check(
    z.describe(
      'the same of packets of services; left out: services of different nodes were not connected, or an earlier release sealed it',
    ),
  );
const refused = countSchema.check(
  z.describe('manifests and chunks that were refused, from then on, because of what it altered'),
);

const notApplied = z
  .optional(z.string())
  .check(z.describe('why it could not be applied on this machine; left out: it was, if it fired'));
const processes = countSchema.check(z.describe('processes that got the signal'));

/** What one fault did, counted. Named as in the plan; one for each fault of the schedule, in its order. */
export const faultReportSchema = z.discriminatedUnion('effect', [
  z.strictObject({
    ...occurrence,
    effect: z.literal('kill'),
    booted: z.boolean().check(z.describe('the node had ended its boot when it was killed')),
    held: countSchema.check(z.describe('chunks the node held when it was killed')),
  }),
  z.strictObject({ ...occurrence, effect: z.literal('partition'), impaired, impairedOfServices }),
  z.strictObject({ ...occurrence, effect: z.literal('degradeLink'), impaired, impairedOfServices }),
  z.strictObject({ ...occurrence, effect: z.literal('slow'), impaired, impairedOfServices }),
  z.strictObject({ ...occurrence, effect: z.literal('corruptChunks'), impaired, refused }),
  z.strictObject({ ...occurrence, effect: z.literal('byzantine'), refused }),
  z.strictObject({ ...occurrence, effect: z.literal('pause'), processes, notApplied }),
  z.strictObject({
    ...occurrence,
    endedAt: z
      .nullable(isoTimeSchema)
      .check(z.describe('the service passed its health check again; null: it did not')),
    effect: z.literal('killService'),
    processes,
    notApplied,
  }),
  z.strictObject({
    ...occurrence,
    effect: z.literal('refuse'),
    packets: countSchema.check(z.describe('packets of services that were refused')),
    notApplied,
  }),
  z.strictObject({
    ...occurrence,
    effect: z.literal('dns'),
    answers: countSchema.check(
      z.describe('questions for names that failed, or were answered late'),
    ),
    notApplied,
  }),
  z.strictObject({
    ...occurrence,
    effect: z.literal('fillDisk'),
    filled: countSchema.check(z.describe("bytes of room that were taken from the node's disk")),
    leastFree: z
      .nullable(countSchema)
      .check(
        z.describe(
          'the fewest bytes that were seen free while it lasted; null: it was not applied',
        ),
      ),
    notApplied,
  }),
]);

export type FaultReport = z.infer<typeof faultReportSchema>;

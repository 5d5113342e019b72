import * as z from 'zod/mini';
import { countSchema, isoTimeSchema } from './names.ts';

const occurrence = {
  fault: countSchema.check(z.describe("index in the plan's resolved chaos schedule")),
  firedAt: z.nullable(isoTimeSchema).check(z.describe('null: it never fired')),
  endedAt: z
    .nullable(isoTimeSchema)
    .check(z.describe('the killed node was started again, the partition healed; null: it lasted')),
};

const impaired = countSchema.check(
  z.describe(
    'packets that it lost, delayed, damaged, doubled or cut off: without it, each would have fared better',
  ),
);
const refused = countSchema.check(
  z.describe('manifests and chunks that were refused, from then on, because of what it altered'),
);

/** What one fault did, counted. Named as in the plan; one for each fault of the schedule, in its order. */
export const faultReportSchema = z.discriminatedUnion('effect', [
  z.strictObject({
    ...occurrence,
    effect: z.literal('kill'),
    booted: z.boolean().check(z.describe('the node had ended its boot when it was killed')),
    held: countSchema.check(z.describe('chunks the node held when it was killed')),
  }),
  z.strictObject({ ...occurrence, effect: z.literal('partition'), impaired }),
  z.strictObject({ ...occurrence, effect: z.literal('degradeLink'), impaired }),
  z.strictObject({ ...occurrence, effect: z.literal('slow'), impaired }),
  z.strictObject({ ...occurrence, effect: z.literal('corruptChunks'), impaired, refused }),
  z.strictObject({ ...occurrence, effect: z.literal('byzantine'), refused }),
]);

export type FaultReport = z.infer<typeof faultReportSchema>;

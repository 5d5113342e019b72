import * as z from 'zod/mini';
import { FAULT_NEEDS } from './faultNeeds.ts';

/** What the API says of the machine that runs nodes. */
export const machineSchema = z.strictObject({
  lacks: z
    .partialRecord(z.enum(FAULT_NEEDS), z.string())
    .check(z.describe('what some faults take and it does not give to nodes, each with the reason')),
});

export type Machine = z.infer<typeof machineSchema>;

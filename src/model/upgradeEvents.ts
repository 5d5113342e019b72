import * as z from 'zod/mini';
import { countSchema, nodeIdSchema, serviceNameSchema } from './names.ts';
import { CAPSULE_VERSIONS, UPGRADE_WINDOWS } from './upgradeReport.ts';

export const versionSchema = z
  .enum(CAPSULE_VERSIONS)
  .check(z.describe("the Capsule that ran before, or the plan's own"));

/** What only an upgrade tells, each with the fields that all events have in `common`. */
export function upgradeEvents<Common extends z.core.$ZodShape>(common: Common) {
  return [
    z.strictObject({
      ...common,
      type: z.literal('wave'),
      wave: z.int().check(z.minimum(1), z.describe('counted from 1, there and back')),
      leg: countSchema.check(z.describe('the ways there and back, from 0')),
      to: versionSchema,
      nodes: z.array(nodeIdSchema).check(z.describe('that are moved')),
      status: z
        .enum(['begun', 'switched', 'ok', 'failed'])
        .check(
          z.describe(
            'switched: of "blue-green", the names lead to what started beside what served, and that is stopped next',
          ),
        ),
    }),
    z.strictObject({
      ...common,
      type: z.literal('window'),
      window: z
        .enum(UPGRADE_WINDOWS)
        .check(
          z.describe('what nodes run from now on: the old Capsule, both, the old again, the new'),
        ),
    }),
    z.strictObject({
      ...common,
      type: z.literal('check'),
      nodeId: nodeIdSchema,
      service: serviceNameSchema,
      name: z.string(),
      window: z.enum(UPGRADE_WINDOWS),
      wave: countSchema.check(z.describe('that it follows; 0: none')),
      status: z
        .enum(['begun', 'passed', 'failed', 'unfinished'])
        .check(z.describe('unfinished: its node could not run it to its end')),
    }),
    z.strictObject({
      ...common,
      type: z.literal('workload'),
      nodeId: nodeIdSchema,
      status: z
        .enum(['begun', 'failed'])
        .check(
          z.describe('begun: also after a restart; failed: it ended with another code than 0'),
        ),
    }),
    z.strictObject({
      ...common,
      type: z.literal('upgrade'),
      status: z
        .enum([
          ...['staged', 'halted', 'rollback'],
          ...['completed', 'incomplete', 'rolled-back', 'stopped'],
        ] as const)
        .check(
          z.describe(
            'staged: the node holds the new Capsule whole and verified; halted: it was offered other content, and keeps the old one; rollback: nodes are moved back; else what the upgrade came to',
          ),
        ),
      nodeId: z.optional(nodeIdSchema).check(z.describe('on "staged" and "halted"')),
    }),
  ] as const;
}

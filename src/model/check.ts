import * as z from 'zod/mini';
import { commandSchema } from './command.ts';
import { isSeen, nodeIdSchema, serviceNameSchema } from './names.ts';
import { UPGRADE_WINDOWS } from './upgradeReport.ts';

/** An assertion of the product about itself, asked while it is upgraded. */
export const checkSchema = z.strictObject({
  name: z
    .string()
    .check(z.minLength(1), z.maxLength(200), isSeen, z.describe('what holds, in words')),
  service: serviceNameSchema.check(
    z.describe('whose content, env and secrets it has; of a path in git'),
  ),
  run: commandSchema.check(
    z.describe(
      'exits with 0 when it holds. Runs in a folder of its own with the content of its service; MESH_SIM_WINDOW and MESH_SIM_WAVE say when',
    ),
  ),
  when: z
    ._default(
      z
        .array(
          z.enum(
            UPGRADE_WINDOWS,
            'must be a window of an upgrade: "before", "mixed", "rolled-back" or "after"',
          ),
        )
        .check(z.minLength(1)),
      [...UPGRADE_WINDOWS],
    )
    .check(z.describe('in which windows it is asked; in "mixed" after each wave')),
  on: z
    ._default(
      z
        .string()
        .check(
          z.regex(/^(each-node|n(0|[1-9]\d*))$/, 'must be "each-node", or a node such as "n0"'),
        ),
      'each-node',
    )
    .check(z.describe('each-node: each that runs its service')),
  deadlineMs: z
    ._default(z.int().check(z.minimum(100), z.maximum(600_000)), 30_000)
    .check(z.describe('how long it may take')),
});

export const checksSchema = z
  .array(checkSchema)
  .check(
    z.maxLength(64),
    z.describe('what the product asserts of itself while it is upgraded: one after the other'),
  );

/** What uses the product while it is upgraded. */
export const workloadSchema = z
  .strictObject({
    service: serviceNameSchema.check(
      z.describe('whose content, env and secrets it has; of a path in git'),
    ),
    run: commandSchema.check(
      z.describe(
        'runs until it is stopped; to end with another code than 0 before that is to fail',
      ),
    ),
    on: z._default(nodeIdSchema, 'n0').check(z.describe('a node that runs its service')),
  })
  .check(
    z.describe(
      'what uses the product while it is upgraded: from the time its node holds the new Capsule until the upgrade has ended',
    ),
  );

export type Workload = z.infer<typeof workloadSchema>;
export type Check = z.infer<typeof checkSchema>;

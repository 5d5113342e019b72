import * as z from 'zod/mini';

export const environmentNameSchema = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'));

/** The sorts of places a Capsule goes to. */
export const TARGET_KINDS = ['directory', 'ssh', 'command'] as const;

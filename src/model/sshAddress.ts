import * as z from 'zod/mini';
import { isSeen } from './names.ts';

/** How the user's own ssh reaches a machine. */
export const sshAddress = {
  host: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9_[][^\s]*$/, 'must be a host as your ssh knows it, such as deploy@web1'),
      isSeen,
    ),
  port: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))),
  options: z
    ._default(
      z
        .array(z.string().check(z.regex(/^[A-Za-z]+=.+$/, 'must be written as Key=value')))
        .check(z.maxLength(32)),
      [],
    )
    .check(z.describe('ssh -o options, such as "IdentityFile=/home/me/.ssh/deploy"')),
};

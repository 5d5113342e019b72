import * as z from 'zod/mini';

export const hostNameSchema = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/,
      'must be a name of lower-case letters, digits and hyphens, such as edge',
    ),
  );

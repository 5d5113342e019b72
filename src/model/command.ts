import * as z from 'zod/mini';

/** An argument list is executed as it is; a single string goes through the system's shell. */
export const commandSchema = z.union(
  [
    z.string().check(z.minLength(1)),
    z
      .array(z.string())
      .check(z.minLength(1), z.describe('program and arguments, executed without a shell')),
  ],
  'must be a command: a string for the shell, or a list of program and arguments',
);

export type Command = z.infer<typeof commandSchema>;

import * as z from 'zod/mini';
import { digestSchema, isSeen, nodeIdSchema, serviceNameSchema } from './names.ts';
import { isVersionDemand, meetsVersion } from './versionDemand.ts';

/** What a service requires of the machine, in place of content of its own. */
export const requiredProgramSchema = z.strictObject({
  requires: z
    .string()
    .check(
      z.regex(/^[A-Za-z0-9][\w.+-]{0,63}$/, 'must be the name of a program, without a path'),
      z.describe('a program of the machine, found on its search path'),
    ),
  version: z
    .optional(
      z
        .string()
        .check(z.refine(isVersionDemand, 'must be a version such as "7.2", ">=7" or ">=3.4 <4"')),
    )
    .check(z.describe('such as "7.2", ">=7" or ">=3.4 <4"; left out: any')),
  versionCommand: z
    .optional(z.array(z.string().check(isSeen)).check(z.minLength(1)))
    .check(z.describe('says the version; left out: the program with --version')),
});
export type RequiredProgram = z.infer<typeof requiredProgramSchema>;

/** The file that was found for it, as it was whenever the service was started. */
export const foundProgramSchema = z.strictObject({
  path: z.string().check(z.minLength(1)),
  version: z
    .optional(z.string().check(z.minLength(1)))
    .check(z.describe('left out: it said none, and none was required')),
  sha256: digestSchema,
});
export type FoundProgram = z.infer<typeof foundProgramSchema>;

/** What evidence says of a program: on which node it was the program of which service. */
export const usedProgramSchema = z.strictObject({
  nodeId: nodeIdSchema,
  service: serviceNameSchema,
  ...foundProgramSchema.shape,
});
export type UsedProgram = z.infer<typeof usedProgramSchema>;

/** `redis-server >=7`; without a version: any. */
export function demandWords({ requires, version }: RequiredProgram): string {
  return version === undefined ? requires : `${requires} ${version}`;
}

/** Whether a program that was found is one that is required. */
export function meetsDemand({ requires, version }: RequiredProgram, found: FoundProgram): boolean {
  const name = /[^/\\]*$/.exec(found.path)?.[0] ?? '';
  if (name !== requires && name.replace(/\.(?:exe|cmd)$/i, '') !== requires) return false;
  return version === undefined || meetsVersion(found.version ?? '', version);
}

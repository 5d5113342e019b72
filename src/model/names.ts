import * as z from 'zod/mini';
import { hiddenCharacter } from '../base/visibleText.ts';
import './issueWords.ts';

/** SHA-256 as 64 lower-case hex digits. */
export const digestSchema = z
  .string()
  .check(z.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest: 64 lower-case hex digits'));

/** A git commit or tree id, SHA-1 object format. */
export const gitIdSchema = z
  .string()
  .check(z.regex(/^[0-9a-f]{40}$/, 'must be a full git id: 40 lower-case hex digits'));

/** `n0` … ; `n0` is the entry node. */
export const nodeIdSchema = z
  .string()
  .check(z.regex(/^n(0|[1-9]\d*)$/, 'must be a node id such as "n3"'));

/** Service names become folder names and host-name-like words, so they keep to what every system allows. */
export const serviceNameSchema = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'));

/** A check of names and labels that people read: they see all of it, see base/visibleText. */
export const isSeen = z.refine<string>((text) => hiddenCharacter(text) === undefined, {
  error: ({ input }) =>
    `has the character ${hiddenCharacter(String(input)) ?? ''}, which is not seen`,
});

export const countSchema = z.int().check(z.minimum(0));

export const simIdSchema = z.uuid();

export const isoTimeSchema = z.iso.datetime({ precision: 3 });

import * as z from 'zod/mini';
import { countSchema, digestSchema, isoTimeSchema, isSeen, simIdSchema } from './names.ts';
import { SEED } from './paramLimits.ts';

/** What is kept of an exploration on real nodes, and what the HTTP API gives of it. */

const factsSchema = z.strictObject({
  outcome: z.enum(['pass', 'fail']),
  invariant: z
    .optional(z.string())
    .check(z.describe('that it failed by: of several the one that tells most')),
  order: z
    .optional(z.string())
    .check(
      z.describe(
        'nodes in the order in which they were moved, such as "n2 n0+n1 ← n2 → n2": + joins those of one wave, ← goes back, → there again; left out: no upgrade',
      ),
    ),
  backAfterWave: z
    .optional(z.nullable(countSchema))
    .check(z.describe('after which wave nodes were moved back; null: never')),
  faults: z
    .array(z.string())
    .check(z.describe('those that happened, such as "kill n3", in the order of the schedule')),
});

const claim = {
  seed: z.int().check(z.minimum(0), z.maximum(SEED.max)),
  simId: simIdSchema,
};

const parts = {
  v: z.literal(1),
  note: z.string().check(z.describe('that this proves nothing')),
  id: z.uuid(),
  startedAt: isoTimeSchema,
  endedAt: z.optional(isoTimeSchema).check(z.describe('left out: it goes on, or was interrupted')),
  capsuleHash: digestSchema,
  from: z
    .optional(digestSchema)
    .check(z.describe('the Capsule that nodes run at first; left out: no upgrade')),
  asked: z.int().check(z.minimum(1), z.describe('how many seeds, at most')),
  shrinking: z
    .optional(
      z.strictObject({
        runs: countSchema.check(z.describe('that it took so far')),
        end: z.optional(
          z.enum(['smallest', 'out-of-runs', 'out-of-time', 'not-reproduced', 'not-repeated']),
        ),
        plan: z
          .optional(z.string().check(isSeen))
          .check(z.describe('the file in which the smallest plan was saved')),
      }),
    )
    .check(z.describe('what became of the run that failed; left out: none did, or nothing yet')),
};

/** As it is written: it is not signed, so what a row says of its run counts only as far as sealed evidence says the same. */
export const explorationSchema = z.strictObject({
  ...parts,
  runs: z.array(z.strictObject({ ...claim, ...factsSchema.shape })),
});

export const explorationListSchema = z.strictObject({
  explorations: z
    .array(explorationSchema)
    .check(z.describe('newest first, as they were written: nothing of them is signed')),
  unreadable: z
    .array(z.strictObject({ file: z.string(), sentence: z.string() }))
    .check(z.describe('files that are no record of an exploration, and why')),
});

/** An exploration held against the evidence of its runs. */
export const checkedExplorationSchema = z.strictObject({
  ...parts,
  seeds: z.array(
    z.strictObject({
      ...claim,
      facts: z
        .optional(factsSchema)
        .check(z.describe('what the sealed evidence says; left out: there is none that verifies')),
      problem: z
        .optional(z.string())
        .check(z.describe('why the row is unproven, or in what the record says something else')),
    }),
  ),
});

export type ExploredFacts = z.infer<typeof factsSchema>;
export type Exploration = z.infer<typeof explorationSchema>;
export type ExplorationList = z.infer<typeof explorationListSchema>;
export type CheckedExploration = z.infer<typeof checkedExplorationSchema>;
export type ExploredSeed = CheckedExploration['seeds'][number];

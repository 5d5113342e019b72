import * as z from 'zod/mini';
import { comparisonSchema } from './comparison.ts';
import { indicatorSchema } from './indicator.ts';
import { OBSERVED } from './invariants.ts';
import { countSchema, digestSchema, isoTimeSchema, nodeIdSchema, simIdSchema } from './names.ts';

/** Two runs side by side, as "mesh-sim compare --json" and the API give it. B is held against A. */

const outcomeSchema = z.enum(['pass', 'fail']);

/** What a part says instead, where it cannot be believed or is not here. */
const notComparedSchema = z
  .strictObject({ notCompared: z.string() })
  .check(z.describe('why nothing is said of this part, one sentence'));

export const comparedSideSchema = z.strictObject({
  name: z.string().check(z.describe('as it was asked for: the simId, or the name of the file')),
  verdict: z.enum(['verified', 'invalid', 'untrusted', 'policy-not-met']),
  sentence: z.string().check(z.describe('what decided the verdict')),
  events: z.strictObject({
    isSigned: z.boolean().check(z.describe('true: this workspace holds the very events signed')),
    sentence: z.string(),
  }),
  run: z
    .optional(
      z.strictObject({
        simId: simIdSchema,
        capsuleHash: digestSchema,
        product: z.string(),
        outcome: outcomeSchema,
        startedAt: isoTimeSchema,
        endedAt: isoTimeSchema,
        seed: z.int(),
      }),
    )
    .check(z.describe('left out: its evidence is not verified, so nothing it states is repeated')),
});

const changeSchema = z.strictObject({
  path: z.string().check(z.describe('where, in the words of what is compared: "params.nodes"')),
  a: z.optional(z.unknown()).check(z.describe('left out: A does not have it')),
  b: z.optional(z.unknown()).check(z.describe('left out: B does not have it')),
});

const planDifferenceSchema = z.strictObject({
  isSameConditions: z
    .boolean()
    .check(
      z.describe(
        'true: nodes, links, chaos, drift and placement are equal, so that measurements may be compared',
      ),
    ),
  changes: z.array(changeSchema).check(z.describe('but the Capsule, which has a part of its own')),
});

const serviceDifferenceSchema = z.strictObject({
  service: z.string(),
  status: z.enum(['added', 'removed', 'changed']),
  changes: z.array(changeSchema).check(z.describe('of a service that both have')),
  chunks: z
    .optional(z.strictObject({ same: countSchema, a: countSchema, b: countSchema }))
    .check(z.describe('distinct chunks of its content, and how many of them both have')),
});

const capsuleDifferenceSchema = z.strictObject({
  from: z
    .enum(['manifest', 'pack'])
    .check(z.describe('pack: a manifest is not here, so only what the signed packs say is known')),
  changes: z.array(changeSchema).check(z.describe('of what is not about one service')),
  services: z.array(serviceDifferenceSchema),
});

const machineDifferenceSchema = z.strictObject({ changes: z.array(changeSchema) });

const observedSchema = z.strictObject({ observed: z.enum(OBSERVED), details: z.string() });
const judgementSchema = z.strictObject({
  outcome: z.strictObject({ a: outcomeSchema, b: outcomeSchema }),
  cause: z
    .strictObject({ a: z.optional(z.string()), b: z.optional(z.string()) })
    .check(z.describe('why it failed')),
  upgrade: z
    .strictObject({ a: z.optional(z.string()), b: z.optional(z.string()) })
    .check(z.describe('what an upgrade came to')),
  invariants: z.array(
    z.strictObject({
      name: z.string(),
      a: z.optional(observedSchema),
      b: z.optional(observedSchema),
    }),
  ),
  objectives: z.array(
    z.strictObject({
      name: z.string(),
      a: z.optional(indicatorSchema),
      b: z.optional(indicatorSchema),
      comparison: z
        .optional(comparisonSchema)
        .check(z.describe('of all measurements of both, where both measured it')),
    }),
  ),
});

const phaseSideSchema = z.strictObject({
  ms: z.number().check(z.minimum(0)),
  status: z.enum(['ok', 'error']),
});
const phaseDifferenceSchema = z.strictObject({
  nodeId: nodeIdSchema,
  phase: z.string(),
  wave: countSchema.check(z.describe('of an upgrade; 0: none')),
  attempt: z.int().check(z.minimum(1), z.describe('of this phase in this wave: 2 after a restart')),
  a: z.optional(phaseSideSchema),
  b: z.optional(phaseSideSchema),
});
const phasesDifferenceSchema = z.strictObject({ phases: z.array(phaseDifferenceSchema) });

const latencySideSchema = z.strictObject({
  wayMs: z
    .optional(z.number())
    .check(z.describe('one way over the shortest path, measured at the end')),
  link: z
    .optional(
      z.strictObject({
        p50: z.number(),
        p90: z.optional(z.number()).check(z.describe('of what was sealed')),
        p95: z.optional(z.number()).check(z.describe('of single packets')),
        p99: z.number(),
        delivered: countSchema,
      }),
    )
    .check(z.describe('one way over the link, in ms; left out: nothing arrived there')),
});
const latencyDifferenceSchema = z.strictObject({
  from: z
    .enum(['packets', 'evidence'])
    .check(
      z.describe(
        'of which the quantiles are: of all packets in the signed events of both, else as they were sealed, within 1 %',
      ),
    ),
  ways: z.array(
    z.strictObject({
      from: nodeIdSchema,
      to: nodeIdSchema,
      a: z.optional(latencySideSchema),
      b: z.optional(latencySideSchema),
      comparison: z
        .optional(comparisonSchema)
        .check(z.describe('of all packets on the link, where both have it')),
    }),
  ),
});

const eventPlaceSchema = z.strictObject({
  seq: countSchema,
  at: z.number().check(z.describe('ms since its run began')),
  is: z.string().check(z.describe('what it is: "n2 verify ok"')),
  details: z.optional(z.string()).check(z.describe('its sentence, which is not compared')),
});
const partedEventSchema = z.strictObject({
  about: z.string().check(z.describe('whose events these are: "n2, phases"')),
  a: z.optional(eventPlaceSchema).check(z.describe('left out: A has no further event of these')),
  b: z.optional(eventPlaceSchema).check(z.describe('left out: B has no further event of these')),
});
const eventsDifferenceSchema = z.strictObject({
  same: countSchema.check(z.describe('events that both have, before they part')),
  parted: z
    .array(partedEventSchema)
    .check(z.describe('where each sequence of events parts, the first first; none: nowhere')),
});

export const runComparisonSchema = z.strictObject({
  a: comparedSideSchema,
  b: comparedSideSchema,
  plan: z.union([notComparedSchema, planDifferenceSchema]),
  capsule: z.union([notComparedSchema, capsuleDifferenceSchema]),
  machine: z.union([notComparedSchema, machineDifferenceSchema]),
  judgement: z.union([notComparedSchema, judgementSchema]),
  phases: z.union([notComparedSchema, phasesDifferenceSchema]),
  latency: z.union([notComparedSchema, latencyDifferenceSchema]),
  events: z.union([notComparedSchema, eventsDifferenceSchema]),
});

export type NotCompared = z.infer<typeof notComparedSchema>;
export type ComparedSide = z.infer<typeof comparedSideSchema>;
export type Change = z.infer<typeof changeSchema>;
export type PlanDifference = z.infer<typeof planDifferenceSchema>;
export type ServiceDifference = z.infer<typeof serviceDifferenceSchema>;
export type CapsuleDifference = z.infer<typeof capsuleDifferenceSchema>;
export type MachineDifference = z.infer<typeof machineDifferenceSchema>;
export type Judgement = z.infer<typeof judgementSchema>;
export type PhaseDifference = z.infer<typeof phaseDifferenceSchema>;
export type LatencyDifferences = z.infer<typeof latencyDifferenceSchema>;
export type LatencyDifference = LatencyDifferences['ways'][number];
export type PartedEvent = z.infer<typeof partedEventSchema>;
export type EventsDifference = z.infer<typeof eventsDifferenceSchema>;
export type RunComparison = z.infer<typeof runComparisonSchema>;

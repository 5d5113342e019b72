import * as z from 'zod/mini';
import { comparisonSchema } from './comparison.ts';
import { dsseEnvelopeSchema } from './dsse.ts';
import { windowIndicatorSchema } from './indicator.ts';
import { countSchema, digestSchema, nodeIdSchema, serviceNameSchema } from './names.ts';
import { ROLLBACKS } from './upgradeChoices.ts';
import { versionSchema } from './upgradeEvents.ts';
import { strategySchema } from './upgradePlan.ts';
import { UPGRADE_OUTCOMES, UPGRADE_WINDOWS } from './upgradeReport.ts';

/** What sealed evidence says of an upgrade: its UpgradeReport, and the signed pack of the Capsule that ran before. */

const timeSchema = z.number().check(z.minimum(0), z.describe('ms since the run began, 3 decimals'));
const nodesSchema = z.array(nodeIdSchema);

const waveSchema = z.strictObject({
  leg: countSchema.check(z.describe('the ways there and back, from 0')),
  to: versionSchema,
  index: z.int().check(z.minimum(1), z.describe('over all legs')),
  nodes: nodesSchema.check(z.minLength(1)),
  startMs: timeSchema,
  switchedMs: z
    .optional(timeSchema)
    .check(
      z.describe(
        'of "blue-green": when the names led to what had started beside what served; left out: they never did',
      ),
    ),
  endMs: z.nullable(timeSchema).check(z.describe('null: the run ended first')),
  outcome: z.enum(['ok', 'failed', 'unfinished']),
});

const whySchema = z.optional(z.string().check(z.minLength(1)));

const checkSchema = z.strictObject({
  name: z.string().check(z.minLength(1)),
  window: z.enum(UPGRADE_WINDOWS),
  wave: countSchema.check(z.describe('that it followed; 0: none')),
  nodeId: nodeIdSchema,
  outcome: z
    .enum(['passed', 'failed', 'unfinished'])
    .check(z.describe('unfinished: its node could not run it to its end')),
  details: whySchema.check(z.describe('why it did not pass')),
});

export const upgradeEvidenceSchema = z.strictObject({
  from: z
    .strictObject({
      digest: z.strictObject({ sha256: digestSchema }),
      publicKey: digestSchema.check(
        z.describe('of who signed its pack: raw Ed25519 key, 64 lower-case hex digits'),
      ),
      envelope: dsseEnvelopeSchema.check(z.describe('its signed pack entry')),
    })
    .check(z.describe('the Capsule that all nodes ran at first')),
  strategy: strategySchema,
  order: z
    .array(z.strictObject({ to: versionSchema, waves: z.array(nodesSchema) }))
    .check(z.describe('the planned waves of each leg, as the seed of the run resolves them')),
  waves: z.array(waveSchema).check(z.describe('those that began')),
  rollback: z.strictObject({
    planned: z.enum(ROLLBACKS),
    reason: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('why nodes were moved back; left out: they were not')),
  }),
  windows: z.array(
    z.strictObject({ window: z.enum(UPGRADE_WINDOWS), startMs: timeSchema, endMs: timeSchema }),
  ),
  halted: z
    .array(z.strictObject({ nodeId: nodeIdSchema, details: z.string().check(z.minLength(1)) }))
    .check(z.describe('nodes that were offered other content than was signed, and kept the old')),
  checks: z
    .array(checkSchema)
    .check(z.describe("runs of the product's checks, in the order in which they ended")),
  answers: z
    .array(
      z.strictObject({
        service: serviceNameSchema,
        nodeId: nodeIdSchema,
        asked: countSchema.check(z.describe('connections that other nodes wanted')),
        refused: countSchema.check(z.describe('of these, nobody took them there')),
        unanswered: countSchema.check(z.describe('of these, nothing came back within 3 s')),
      }),
    )
    .check(
      z.describe(
        'over the wire, outside of the waves of that node and while it was up, of services that promise no availability by probes',
      ),
    ),
  indicators: z
    .array(windowIndicatorSchema)
    .check(
      z.describe('of the windows before the last: those of "after" are the indicators of the run'),
    ),
  comparisons: z
    .array(comparisonSchema)
    .check(
      z.describe(
        'of indicators that were measured in both, in their order: the window "mixed" against "before", by ranks',
      ),
    ),
  workload: z
    .optional(
      z.strictObject({
        nodeId: nodeIdSchema,
        outcome: z
          .enum(['ran', 'failed'])
          .check(z.describe('ran: until it was stopped, or to an end with 0')),
        details: whySchema.check(z.describe('how it failed')),
      }),
    )
    .check(z.describe('left out: the Capsule whose checks were run has none, or it was not begun')),
  outcome: z.enum(UPGRADE_OUTCOMES),
});

export type UpgradeEvidence = z.infer<typeof upgradeEvidenceSchema>;

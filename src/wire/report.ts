import * as z from 'zod/mini';
import { ISOLATION_LIMITS, ISOLATIONS } from '../model/isolation.ts';
import { digestSchema, serviceNameSchema } from '../model/names.ts';
import { foundProgramSchema } from '../model/requiredProgram.ts';
import { SERVICE_STATUSES } from '../model/serviceStatus.ts';
import { disturbedReportSchema } from './disturbance.ts';
import { TURN_KINDS } from '../model/turns.ts';
import { MIGRATION_SIGNS } from '../model/upgradeChoices.ts';
import { CAPSULE_VERSIONS } from '../model/upgradeReport.ts';

/** The agent takes types alone from here: it reads no reports, and building these schemas would delay its start. */
const count = z.int().check(z.minimum(0));

const contentSchema = z.array(
  z.strictObject({
    service: serviceNameSchema,
    digest: z
      .string()
      .check(z.describe('archive digest of what is on the disk; empty: unreadable')),
    changed: z
      .optional(z.string())
      .check(z.describe('the first signed file that is not what was unpacked')),
  }),
);

/** Agent → orchestrator. `at` is in ms since the run began. An agent speaks of itself only: no node id. */
export const reportSchema = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('started') })
    .check(z.describe('Node.js has all it needs; commands are read from here on')),
  z.strictObject({
    type: z.literal('online'),
    at: z.number(),
    kept: count,
    missing: count,
    runs: z
      .optional(z.enum(CAPSULE_VERSIONS))
      .check(z.describe('of an upgrade: the Capsule that it has chosen')),
  }),
  z.strictObject({
    type: z.literal('effect'),
    at: z.number(),
    kind: count,
    a: z.int(),
    b: z.int(),
    c: z.number(),
  }),
  z
    .strictObject({ type: z.literal('refused'), from: count, digest: digestSchema })
    .check(z.describe('bytes that were refused: no node may relay what it refused')),
  z.strictObject({
    type: z.literal('service'),
    at: z.number(),
    service: serviceNameSchema,
    status: z.enum(SERVICE_STATUSES),
    details: z.optional(z.string()),
  }),
  z.strictObject({
    type: z.literal('log'),
    at: z.number(),
    service: z.optional(serviceNameSchema),
    status: z.enum(['stdout', 'stderr', 'agent']),
    text: z.string(),
  }),
  z
    .strictObject({
      type: z.literal('denied'),
      at: z.number(),
      service: z
        .optional(serviceNameSchema)
        .check(z.describe('left out: it could not be found out')),
      host: z.string(),
      port: z.optional(count),
      sentence: z.string(),
    })
    .check(z.describe('a service tried to reach production; `failed` follows')),
  z
    .strictObject({
      type: z.literal('guarded'),
      at: z.number(),
      scope: z.enum(['all-programs', 'all-connections', 'nodejs-programs']),
      sentence: z.string(),
    })
    .check(z.describe('whom the guard keeps from production')),
  z
    .strictObject({
      type: z.literal('calls'),
      service: serviceNameSchema,
      nodes: z
        .array(count)
        .check(z.describe('indices of those it runs on that may have been called')),
      calls: z.array(z.strictObject({ at: z.number(), ms: z.number(), ok: z.boolean() })),
      dropped: count,
    })
    .check(z.describe('calls of its services to another service, here or on other nodes')),
  z
    .strictObject({
      type: z.literal('isolated'),
      at: z.number(),
      isolation: z.enum(ISOLATIONS),
      pid: z
        .optional(count)
        .check(z.describe('its services run in the network namespace of this process')),
      limit: z
        .optional(z.strictObject({ by: z.enum(ISOLATION_LIMITS), reason: z.string() }))
        .check(z.describe('why not fully')),
      wire: z
        .optional(z.strictObject({ congestionControl: z.string() }))
        .check(z.describe('it has one to the network emulator; what its TCP does')),
      sentence: z.string(),
    })
    .check(
      z.describe('how far its services are kept apart from this machine, and if not fully, why'),
    ),
  z
    .strictObject({
      type: z.literal('outliving'),
      service: z.optional(serviceNameSchema),
      details: z.string(),
    })
    .check(z.describe('a process that outlived the service that had started it; it is ended now')),
  disturbedReportSchema,
  z
    .strictObject({
      type: z.literal('turn-wanted'),
      id: count,
      turn: z.enum(TURN_KINDS),
      service: z.optional(serviceNameSchema),
    })
    .check(z.describe('it waits for `turn-granted` before it goes on')),
  z
    .strictObject({ type: z.literal('turn-ended'), id: count, entered: z.optional(z.string()) })
    .check(
      z.describe(
        '`entered`: the way in which boxes were made that programs can enter, see Box.way',
      ),
    ),
  z
    .strictObject({ type: z.literal('once-wanted'), id: count, service: serviceNameSchema })
    .check(
      z.describe(
        'of an upgrade: its service is to be migrated once for all of the mesh, and it waits for `once-answered`',
      ),
    ),
  z
    .strictObject({ type: z.literal('once-ended'), service: serviceNameSchema, ok: z.boolean() })
    .check(z.describe('what it was told to do once for all of the mesh')),
  z
    .strictObject({
      type: z.literal('migration'),
      at: z.number(),
      news: z.enum([...MIGRATION_SIGNS, 'over']),
    })
    .check(
      z.describe(
        'of an upgrade: a command of a migration runs, has changed its state, or was the last that ran',
      ),
    ),
  z
    .strictObject({
      type: z.literal('state-found'),
      entries: count,
      lost: z.optional(z.string()).check(z.describe('the first that is gone or was changed')),
    })
    .check(
      z.describe(
        'of an upgrade: what the services of one Capsule had left in their state folders, looked at before those of the other started',
      ),
    ),
  z
    .strictObject({
      type: z.literal('checked'),
      id: count,
      problem: z.optional(z.string()).check(z.describe('why it did not pass, end of a sentence')),
    })
    .check(z.describe('the answer to `check`')),
  z
    .strictObject({
      type: z.literal('workload-ended'),
      problem: z.optional(z.string()).check(z.describe('how, if not with 0, end of a sentence')),
    })
    .check(z.describe('the answer to `workload`')),
  z
    .strictObject({ type: z.literal('explain'), sentence: z.string() })
    .check(z.describe('why the phase that ends next ends in an error')),
  z
    .strictObject({
      type: z.literal('failed'),
      at: z.number(),
      sentence: z.string(),
      ofBuild: z
        .optional(z.literal(true))
        .check(z.describe('a build failed, and the run with it, whatever the other nodes come to')),
      isBeside: z
        .optional(z.literal(true))
        .check(z.describe('of an upgrade: they were to take over from those that serve on')),
    })
    .check(z.describe('its services failed, before or after they had been healthy')),
  z
    .strictObject({
      type: z.literal('broken'),
      code: z.enum(['disk-failed', 'machine-exhausted']),
      sentence: z.string(),
    })
    .check(z.describe('the machine is at fault, not the Capsule: the run cannot go on')),
  z
    .strictObject({
      type: z.literal('health'),
      from: z.number(),
      to: z.number(),
      services: count,
      oneShots: count,
    })
    .check(
      z.describe(
        'each of its services passed its health check again, between these times; one-shot services have exited with 0, and were not asked',
      ),
    ),
  z
    .strictObject({
      type: z.literal('program'),
      at: z.number(),
      service: serviceNameSchema,
      ...foundProgramSchema.shape,
    })
    .check(z.describe('a service is about to be started that is a program of the machine')),
  z.strictObject({ type: z.literal('contents'), contents: contentSchema }),
  z
    .strictObject({ type: z.literal('contents-at-end'), contents: contentSchema })
    .check(z.describe('of a run that is held up; of others, `stopped` says it')),
  z
    .strictObject({
      type: z.literal('port-opened'),
      id: count,
      at: z.optional(count).check(z.describe('the port of this machine; left out: none')),
      problem: z.optional(z.string()).check(z.describe('why there is none, one clause')),
    })
    .check(z.describe('the answer to `open-port`')),
  z.strictObject({ type: z.literal('stopped'), contents: contentSchema }),
]);

/** What lies on a node's disk of one service. */
export type ServiceContent = z.infer<typeof contentSchema>[number];

export type AgentReport = z.infer<typeof reportSchema>;

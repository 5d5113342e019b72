import * as z from 'zod/mini';
import { CAPTURE_MODES } from './captureMode.ts';
import { HOST_KINDS } from './hostKinds.ts';
import { hostNameSchema } from './hostName.ts';
import { countSchema, nodeIdSchema, serviceNameSchema, simIdSchema } from './names.ts';
import { NODE_PHASES } from './plan.ts';
import { SERVICE_STATUSES } from './serviceStatus.ts';
import { TURN_KINDS } from './turns.ts';
import { upgradeEvents, versionSchema } from './upgradeEvents.ts';
import { UPGRADE_WINDOWS } from './upgradeReport.ts';

/** Every event of a run, in one stream: written to events.jsonl, streamed to clients, hashed into the evidence. */
const common = {
  seq: z.int().check(z.minimum(0), z.describe('gapless, from 0')),
  at: z.number().check(z.minimum(0), z.describe('milliseconds since the run began, 3 decimals')),
  simId: simIdSchema,
  details: z.optional(z.string()).check(z.describe('one sentence for a person')),
};

/**
 * Packets in columns, one array entry per packet. `link` = from · nodes + to; `flow` and `outcome` index
 * FLOWS and OUTCOMES; times are ms since the run began; `arrived` is when it was handed over or died;
 * `configured` is the delay the link model decided, in ms.
 */
export const packetBatchSchema = z.strictObject({
  link: z.array(countSchema),
  flow: z.array(countSchema),
  number: z.array(countSchema),
  sent: z.array(z.number()),
  arrived: z.array(z.number()),
  configured: z.array(z.number()),
  outcome: z.array(countSchema),
  chunk: z.array(z.int().check(z.minimum(-1))),
});

const targetsSchema = z
  .array(z.string())
  .check(
    z.describe(
      'what was spoken to: a service of the registry by its name ("orders"; "orders.admin" where it has several ports), else a protocol and port ("tcp 5432", "icmp")',
    ),
  );
const targetIndexSchema = z
  .int()
  .check(z.minimum(-1), z.describe('index in `targets`; -1: several, summed up'));

/**
 * What services of different nodes sent each other, summed up in columns, one entry per flow: packets whose fate became known
 * from `from` to `until` (ms since the run began). `link` = from · nodes + to; `toward` is 1 for packets to the target, 0 for
 * those back; `bytes` are of whole IP packets; `dropped` counts those of `packets` that were not handed over; `delayMs` is the
 * mean one-way time of those that were, or 0.
 */
export const trafficSchema = z.strictObject({
  from: z.number(),
  until: z.number(),
  targets: targetsSchema,
  link: z.array(countSchema),
  target: z.array(targetIndexSchema),
  toward: z.array(countSchema),
  packets: z.array(countSchema),
  bytes: z.array(countSchema),
  dropped: z.array(countSchema),
  delayMs: z.array(z.number()),
});

/**
 * What TCP connections between nodes came to, in columns. `link` = client · nodes + server; `status` indexes
 * CONNECTION_STATUSES; `count` connections since `seen` (ms since the run began, of the first); `rttMs` is, of those that opened, the median time from
 * the client's SYN to the answer's deadline at the client, or -1: handshakes of which a packet was repeated tell none.
 */
export const connectionsSchema = z.strictObject({
  targets: targetsSchema,
  link: z.array(countSchema),
  target: z.array(targetIndexSchema),
  status: z.array(countSchema),
  seen: z.array(z.number()),
  count: z.array(countSchema),
  rttMs: z.array(z.number()),
  unfollowed: z
    .optional(countSchema)
    .check(z.describe('further connections that were too many to follow')),
});

const claim = z.string().check(z.minLength(1), z.maxLength(300));

export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('run'),
    status: z.enum(['started', 'measuring', 'stopping', 'finished', 'cancelled']),
    startedAt: z
      .optional(z.string())
      .check(z.describe('ISO 8601, on "started": what `at` counts from')),
    capture: z
      .optional(z.enum(CAPTURE_MODES))
      .check(z.describe('on "started": what of packets between services is kept beside the run')),
  }),
  z.strictObject({
    ...common,
    type: z.literal('phase'),
    nodeId: nodeIdSchema,
    phase: z.enum(NODE_PHASES),
    status: z.enum(['started', 'ok', 'error']),
  }),
  z.strictObject({
    ...common,
    type: z.literal('node'),
    nodeId: nodeIdSchema,
    status: z.enum(['up', 'crashed', 'restarted', 'halted', 'failed', 'stopped']),
    kept: z.optional(countSchema).check(z.describe('chunks found intact on disk after a restart')),
    missing: z.optional(countSchema).check(z.describe('chunks to be fetched again')),
    runs: z
      .optional(versionSchema)
      .check(z.describe('on "restarted", in an upgrade: the Capsule that it had chosen before')),
  }),
  z.strictObject({
    ...common,
    type: z.literal('hop'),
    nodeId: nodeIdSchema.check(z.describe('who verified')),
    from: nodeIdSchema,
    status: z.enum(['valid', 'invalid', 'unchecked']),
  }),
  z.strictObject({
    ...common,
    type: z.literal('chunk'),
    nodeId: nodeIdSchema,
    from: nodeIdSchema,
    chunk: countSchema,
    have: countSchema,
    total: countSchema,
    status: z.enum(['stored', 'redelivered']),
  }),
  z.strictObject({
    ...common,
    type: z.literal('refusal'),
    nodeId: nodeIdSchema,
    from: nodeIdSchema,
    status: z.enum(['manifest', 'chunk', 'peer']),
    chunk: z.optional(countSchema),
  }),
  z.strictObject({
    ...common,
    type: z.literal('service'),
    nodeId: nodeIdSchema,
    service: serviceNameSchema,
    status: z.enum(SERVICE_STATUSES),
    version: z.optional(versionSchema).check(z.describe('in an upgrade: whose service it is')),
  }),
  z
    .strictObject({
      ...common,
      type: z.literal('host'),
      nodeId: nodeIdSchema,
      host: hostNameSchema,
      kind: z.enum(HOST_KINDS),
      os: claim,
      arch: claim,
      node: claim.check(z.describe('version of Node.js there')),
      roundTripMs: z.number().check(z.minimum(0), z.describe('the fastest before the run')),
      pathMbps: z
        .optional(z.number().check(z.positive()))
        .check(z.describe('what the way there carried each way, both at once, before the run')),
    })
    .check(
      z.describe(
        'its node lives there, not on the machine that rehearses; what is said of the host is its own claim',
      ),
    ),
  ...upgradeEvents(common),
  z
    .strictObject({
      ...common,
      type: z.literal('turn'),
      nodeId: nodeIdSchema,
      turn: z.enum(TURN_KINDS),
      service: z.optional(serviceNameSchema).check(z.describe('left out: a box is no service')),
      status: z.enum(['waiting', 'granted']),
      before: z.optional(countSchema).check(z.describe('on "waiting": how many are to come first')),
    })
    .check(
      z.describe(
        'as many boxes, builds and services start at once as the machine has cores; a turn that is free at once is no event',
      ),
    ),
  z.strictObject({
    ...common,
    type: z.literal('guard'),
    nodeId: nodeIdSchema,
    status: z
      .enum(['denied', 'all-programs', 'all-connections', 'nodejs-programs'])
      .check(
        z.describe(
          'denied: a program tried to reach a production endpoint; else whom it keeps away (all-connections: names that files of the machine know are denied by their addresses alone)',
        ),
      ),
    service: z.optional(serviceNameSchema).check(z.describe('left out: it could not be found out')),
    host: z.optional(z.string()),
    port: z.optional(countSchema),
  }),
  z.strictObject({
    ...common,
    type: z.literal('fault'),
    fault: countSchema.check(z.describe("index in the plan's resolved chaos schedule")),
    nodeId: z.optional(nodeIdSchema),
    status: z
      .enum(['fired', 'acted', 'not-applied', 'healed'])
      .check(
        z.describe(
          'acted, not-applied: what its node says of a fault that acts on services; not-applied: `details` says why',
        ),
      ),
    count: z
      .optional(countSchema)
      .check(
        z.describe('processes, answers, packets or bytes it has acted on since it was last told'),
      ),
    free: z
      .optional(countSchema)
      .check(z.describe('of a disk that was filled: bytes that are free on it now')),
  }),
  z.strictObject({
    ...common,
    type: z.literal('log'),
    nodeId: nodeIdSchema,
    service: z.optional(serviceNameSchema),
    status: z.enum(['stdout', 'stderr', 'agent']),
    text: z.string(),
  }),
  z
    .strictObject({
      ...common,
      type: z.literal('probes'),
      service: serviceNameSchema,
      status: z.enum(['passed', 'failed']).check(z.describe('failed: at least one of them')),
      latencyMs: z.array(z.number()).check(z.describe('of those that passed: asked to answered')),
      failed: countSchema,
      by: z
        .optional(z.literal('calls'))
        .check(
          z.describe('what services saw that called it; left out: what other nodes saw that asked'),
        ),
      over: z
        .optional(z.literal('wire'))
        .check(
          z.describe(
            'of probes: they were requests to the service itself over the emulated network; left out: messages to the agent of its node',
          ),
        ),
      dropped: z.optional(countSchema).check(z.describe('further calls that were not measured')),
      window: z
        .optional(z.enum(UPGRADE_WINDOWS))
        .check(
          z.describe('of an upgrade: in which they were asked and answered; across two: "mixed"'),
        ),
      places: z
        .optional(
          z.array(
            z.strictObject({
              nodeId: nodeIdSchema,
              asked: countSchema,
              refused: countSchema.check(z.describe('nobody took the connection')),
              unanswered: countSchema.check(z.describe('nothing came back in all of 3 s')),
            }),
          ),
        )
        .check(
          z.describe(
            'of an upgrade, of a service that promises no availability by probes: what of these was asked over the wire, outside of the waves of the node and while it was up',
          ),
        ),
    })
    .check(
      z.describe(
        'what was seen of the answers of a service since the last: by other nodes over the emulated links, or by its callers',
      ),
    ),
  z.strictObject({ ...common, type: z.literal('packets'), packets: packetBatchSchema }),
  z.strictObject({ ...common, type: z.literal('traffic'), traffic: trafficSchema }),
  z.strictObject({ ...common, type: z.literal('connections'), connections: connectionsSchema }),
  z.strictObject({ ...common, type: z.literal('latency'), matrix: z.array(z.array(z.number())) }),
  z.strictObject({
    ...common,
    type: z.literal('invariant'),
    name: z.string(),
    status: z.enum(['passed', 'failed', 'not-observed']),
  }),
]);

export type PacketBatch = z.infer<typeof packetBatchSchema>;
export type Traffic = z.infer<typeof trafficSchema>;
export type Connections = z.infer<typeof connectionsSchema>;
export type MeshEvent = z.infer<typeof eventSchema>;

type WithoutStamp<T> = T extends MeshEvent ? Omit<T, 'seq' | 'at' | 'simId'> : never;
/** An event before the recorder has stamped it with sequence number, time and run. */
export type MeshEventBody = WithoutStamp<MeshEvent>;

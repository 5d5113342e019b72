import * as z from 'zod';
import { dsseEnvelopeSchema } from '../model/evidence.ts';
import { digestSchema, nodeIdSchema, serviceNameSchema } from '../model/names.ts';

/**
 * The control channel of an agent: one JSON object per line, commands on its stdin, reports on its stdout.
 * A closed stdin means that the orchestrator is gone: the agent ends with everything it started.
 */
const count = z.int().min(0);
const index = z.int().min(-1);
const ports = z.record(z.string(), z.int().min(1).max(65_535));

const launchSchema = z.strictObject({
  type: z.literal('launch'),
  nodeId: nodeIdSchema,
  index: count,
  nodes: z.int().min(2),
  incarnation: count,
  /** The emulator on the loopback interface. */
  network: z.strictObject({ port: z.int(), token: z.string() }),
  /** Monotonic ms of the machine at which the run began. */
  origin: z.number(),
  neighbours: z.array(count),
  trees: z.strictObject({
    count,
    parents: z.array(index),
    children: z.array(z.array(count)),
  }),
  nextHops: z.array(index),
  chunkCount: count,
  /** Chunks it held before it crashed. */
  heldBefore: z.array(count),
  source: z.boolean(),
  verify: z.boolean(),
  byzantine: z.boolean(),
  /** Left out: nothing has a rate. Bits per ms; 0: none. `links` in the order of `neighbours`. */
  pace: z.strictObject({ uplink: z.number(), links: z.array(z.number()) }).optional(),
  /** The Capsule this rehearsal is about, and the pinned key it must be signed with. */
  capsuleHash: digestSchema,
  publicKey: digestSchema,
  folder: z.string(),
  /** What its own host gives it: the entry node's Capsule, or a drifted one. Content is in the store. */
  offer: z
    .strictObject({
      capsuleHash: digestSchema,
      envelope: dsseEnvelopeSchema,
      storeFolder: z.string(),
    })
    .optional(),
  services: z.strictObject({
    buildCacheFolder: z.string(),
    hostPath: z.string(),
    servicePorts: z.record(serviceNameSchema, ports),
    secrets: z.record(z.string(), z.string()),
  }),
});

/** Orchestrator → agent. */
export const commandSchema = z.discriminatedUnion('type', [
  launchSchema,
  z.strictObject({ type: z.literal('probe'), count }),
  z.strictObject({ type: z.literal('byzantine') }),
  z.strictObject({ type: z.literal('build-granted'), key: z.string() }),
  z.strictObject({ type: z.literal('stop') }),
]);

const contentSchema = z.array(
  z.strictObject({
    service: serviceNameSchema,
    digest: z.string().describe('archive digest of what is on the disk; empty: unreadable'),
  }),
);

/** Agent → orchestrator. `at` is in ms since the run began. An agent speaks of itself only: no node id. */
export const reportSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('online'), at: z.number(), kept: count, missing: count }),
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
    .describe('bytes that were refused: no node may relay what it refused'),
  z.strictObject({
    type: z.literal('service'),
    at: z.number(),
    service: serviceNameSchema,
    status: z.enum([
      'building',
      'built',
      'cached',
      'starting',
      'healthy',
      'exited',
      'failed',
      'stopped',
    ]),
    details: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('log'),
    at: z.number(),
    service: serviceNameSchema.optional(),
    status: z.enum(['stdout', 'stderr', 'agent']),
    text: z.string(),
  }),
  z.strictObject({ type: z.literal('build-wanted'), key: z.string() }),
  z.strictObject({ type: z.literal('build-ended'), key: z.string() }),
  z
    .strictObject({ type: z.literal('explain'), sentence: z.string() })
    .describe('why the phase that ends next ends in an error'),
  z
    .strictObject({ type: z.literal('failed'), at: z.number(), sentence: z.string() })
    .describe('its services failed, before or after they had been healthy'),
  z.strictObject({ type: z.literal('contents'), contents: contentSchema }),
  z.strictObject({ type: z.literal('stopped'), contents: contentSchema }),
]);

export type LaunchCommand = z.infer<typeof launchSchema>;
export type AgentCommand = z.infer<typeof commandSchema>;
export type AgentReport = z.infer<typeof reportSchema>;

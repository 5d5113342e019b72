import * as z from 'zod/mini';
import { dsseEnvelopeSchema } from '../model/dsse.ts';
import { ONCE_ANSWERS } from '../model/onceAnswers.ts';
import { digestSchema, nodeIdSchema, serviceNameSchema } from '../model/names.ts';
import { CAPSULE_VERSIONS, UPGRADE_WINDOWS } from '../model/upgradeReport.ts';
import { disturbCommandSchema } from './disturbance.ts';

/**
 * The control channel of an agent: one JSON object per line, commands on its stdin, reports (report.ts) on
 * its stdout.
 * A closed stdin means that the orchestrator is gone: the agent ends with everything it started.
 */
const count = z.int().check(z.minimum(0));
const index = z.int().check(z.minimum(-1));
const ports = z.record(z.string(), z.int().check(z.minimum(1), z.maximum(65_535)));

const launchSchema = z.strictObject({
  type: z.literal('launch'),
  nodeId: nodeIdSchema,
  index: count,
  nodes: z.int().check(z.minimum(2)),
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
  /** By node, services to ask it for, by index in the manifest. */
  asks: z.array(z.array(count)),
  /** The same over the wire, where this node has one. */
  wireAsks: z.array(z.array(count)),
  /** Of these, the ones that are asked for less often. */
  askedSeldom: z.array(count),
  chunkCount: count,
  /** Chunks it held before it crashed. */
  heldBefore: z.array(count),
  source: z.boolean(),
  verify: z.boolean(),
  byzantine: z.boolean(),
  /** Left out: nothing has a rate. Bits per ms; 0: none. `links` in the order of `neighbours`. */
  pace: z.optional(z.strictObject({ uplink: z.number(), links: z.array(z.number()) })),
  /** The Capsule this rehearsal is about, and the pinned key it must be signed with. */
  capsuleHash: digestSchema,
  publicKey: digestSchema,
  folder: z.string(),
  /** What its own host gives it: the entry node's Capsule, or a drifted one. Content is in the store. */
  offer: z.optional(
    z.strictObject({
      capsuleHash: digestSchema,
      envelope: dsseEnvelopeSchema,
      storeFolder: z.string(),
    }),
  ),
  /** It runs another Capsule at first, and is moved between the two; left out: it starts with the one it receives. */
  upgrade: z.optional(
    z.strictObject({
      /** Content is in the store. */
      before: z.strictObject({
        capsuleHash: digestSchema,
        publicKey: digestSchema,
        envelope: dsseEnvelopeSchema,
        storeFolder: z.string(),
      }),
      /** Hosts offer what is rolled out already. */
      isOffered: z.boolean(),
      /** Whose checks and workload it is to run when it is asked for them. */
      checksFrom: z.enum(CAPSULE_VERSIONS),
      /** A fault waits until a migration of this node changes its state. */
      looksAtState: z.boolean(),
      /** What it is moved to starts beside what serves, and takes over. */
      isBeside: z.boolean(),
    }),
  ),
  services: z.strictObject({
    buildCacheFolder: z.string(),
    /** What tools that build keep from one build to the next. */
    toolCacheFolder: z.string(),
    /** Variables that tell builds of a proxy. */
    proxy: z.record(z.string(), z.string()),
    hostPath: z.string(),
    servicePorts: z.record(serviceNameSchema, ports),
    /** By the number that questions between nodes have for them: of an upgrade, nodes run Capsules with different lists. */
    askedNames: z.array(serviceNameSchema),
    /** By node, where the services it is asked for listen in its box. */
    askedPorts: z.array(z.record(serviceNameSchema, ports)),
    /** Service → indices of the nodes that run it, in the order in which this node is to know them. */
    places: z.record(serviceNameSchema, z.array(count)),
    /** Services of other nodes that are healthy there already. */
    healthyElsewhere: z.array(serviceNameSchema),
    /** They need each other over the emulated network: a node that has no wire fails. */
    needsWire: z.boolean(),
    secrets: z.record(z.string(), z.string()),
    /** Hosts no service may reach, services whose calls are measured, and the bundled hook for both; left out: neither. */
    guard: z.optional(
      z.strictObject({
        hook: z.string(),
        deny: z.array(z.string()),
        /** Addresses of denied hosts: guard/deniedAddresses. */
        addresses: z.strictObject({
          owners: z.record(z.string(), z.string()),
          unanswered: z.array(z.string()),
        }),
        called: z.array(serviceNameSchema),
      }),
    ),
    /** They and their state lie on a file system of their own of that size, which chaos may fill; left out: on the machine's. */
    disk: z.optional(z.strictObject({ bytes: count })),
    /** What it takes to put builds and services in a box; left out: nobody wants one. */
    box: z.optional(
      z.strictObject({
        /** The bundled door. */
        door: z.string(),
        /** Folder of the relay's scripts. */
        relay: z.string(),
        /** Ports hosts outside have, besides usual ones. */
        ports: z.array(z.int().check(z.minimum(1), z.maximum(65_535))),
        /** Folders that are empty inside. */
        cover: z.array(z.string()),
        /** Why paths cannot be kept apart, one clause. */
        uncovered: z.optional(z.string()),
        /** Of TCP inside; left out: the machine's. */
        congestionControl: z.optional(z.string()),
      }),
    ),
  }),
});

/** Orchestrator → agent. */
export const commandSchema = z.discriminatedUnion('type', [
  launchSchema,
  z.strictObject({ type: z.literal('probe'), count }),
  z.strictObject({ type: z.literal('end-asking') }),
  z.strictObject({ type: z.literal('check-health') }),
  z.strictObject({ type: z.literal('byzantine') }),
  z
    .strictObject({ type: z.literal('offer') })
    .check(z.describe('of an upgrade: its host offers what is rolled out from now on')),
  z
    .strictObject({ type: z.literal('move'), to: z.enum(CAPSULE_VERSIONS) })
    .check(z.describe('of an upgrade: it is to run that Capsule, which it holds')),
  z
    .strictObject({ type: z.literal('take-over') })
    .check(
      z.describe(
        'of an upgrade: what is healthy beside what serves takes over, and what served is stopped',
      ),
    ),
  z
    .strictObject({ type: z.literal('give-up') })
    .check(z.describe('of an upgrade: what started beside what serves is stopped')),
  z
    .strictObject({
      type: z.literal('check'),
      id: count,
      check: count.check(z.describe('index in the checks of the Capsule that these are from')),
      window: z.enum(UPGRADE_WINDOWS),
      wave: count,
    })
    .check(z.describe('of an upgrade: it is to run that check, and to answer with `checked`')),
  z
    .strictObject({ type: z.literal('workload') })
    .check(z.describe('of an upgrade: it is to run the workload, and answers when that has ended')),
  z
    .strictObject({ type: z.literal('healthy-elsewhere'), service: serviceNameSchema })
    .check(z.describe('another node runs this service, and there it is healthy now')),
  disturbCommandSchema,
  z.strictObject({ type: z.literal('turn-granted'), id: count }),
  z
    .strictObject({ type: z.literal('once-answered'), id: count, answer: z.enum(ONCE_ANSWERS) })
    .check(z.describe('the answer to `once-wanted`, when it is known')),
  z
    .strictObject({
      type: z.literal('open-port'),
      id: count,
      service: serviceNameSchema,
      port: z.string(),
      at: z.int().check(z.minimum(0), z.maximum(65_535), z.describe('0: any that is free')),
    })
    .check(z.describe('has a port of this machine lead to one of a service of this node')),
  z
    .strictObject({ type: z.literal('tell-contents') })
    .check(z.describe('what lies on its disk now, while its services run on')),
  z.strictObject({ type: z.literal('stop') }),
]);

export type LaunchCommand = z.infer<typeof launchSchema>;
export type AgentCommand = z.infer<typeof commandSchema>;

import * as z from 'zod/mini';
import type { ISOLATIONS } from '../model/isolation.ts';
import { arrivalsSchema } from '../model/hostReport.ts';
import { digestSchema } from '../model/names.ts';

/**
 * What the orchestrator and the keeper of a node on another host say to each other, on the control channel of their pipe (mux/).
 * The agent that a keeper has started speaks over a stream `agent:<life>`, whatever connects to the keeper's door over streams `door`,
 * files go there over streams `file:<digest>`, streams `port:<number>` lead to loopback ports there, and what goes over a stream `echo` comes
 * back.
 */
export const AGENT_STREAM = 'agent:';
export const FILE_STREAM = 'file:';
export const DOOR_STREAM = 'door';
export const PORT_STREAM = 'port:';
export const ECHO_STREAM = 'echo';

/** Silent for so long, the orchestrator is gone: the keeper ends all it has started, and itself. ms */
export const LEASE_MS = 10_000;
export const PING_MS = 1_000;

/** Asked for, and answered once. */
export type KeeperAsk =
  | { readonly ask: 'prepare'; readonly simId: string; readonly nodeId: string }
  | { readonly ask: 'need'; readonly digests: readonly string[] }
  | {
      readonly ask: 'place';
      /** `name`: below the folder of the run there. */
      readonly files: readonly { readonly digest: string; readonly name: string }[];
    }
  | { readonly ask: 'lease-ports'; readonly count: number }
  /** Its disk is to be one of its own, which can be filled. */
  | { readonly ask: 'open-disk' }
  | { readonly ask: 'fill-disk'; readonly leaveBytes: number }
  | { readonly ask: 'free-bytes' }
  | { readonly ask: 'empty-disk' }
  | { readonly ask: 'end-node' }
  | { readonly ask: 'arrivals' }
  | { readonly ask: 'end-rest' }
  | { readonly ask: 'leave' }
  | { readonly ask: 'sweep'; readonly everything: boolean };

/** Done without an answer. */
export type KeeperOrder =
  | { readonly order: 'welcome' }
  | { readonly order: 'ping'; readonly number: number }
  /** The run began at this time of the host's monotonic clock, in ms: known better as pings go on. */
  | { readonly order: 'origin'; readonly at: number }
  | { readonly order: 'start'; readonly life: number }
  | { readonly order: 'kill'; readonly life: number }
  | { readonly order: 'look' }
  | { readonly order: 'take-drops' }
  | {
      readonly order: 'surroundings';
      readonly isolation: (typeof ISOLATIONS)[number];
      readonly pid?: number | undefined;
      readonly isWired: boolean;
    };

export type KeeperCommand = (KeeperAsk & { readonly id: number }) | KeeperOrder;

const count = z.int().check(z.minimum(0));
const word = z.string().check(z.maxLength(4_096));

/** What a host says of itself: its own claims. */
export const hostClaimsSchema = z.strictObject({
  os: word.check(z.minLength(1)),
  arch: word.check(z.minLength(1)),
  node: word.check(z.minLength(1)),
  cores: z.int().check(z.minimum(1), z.maximum(65_536)),
  /** Version of the kernel. */
  kernel: word.check(z.minLength(1)),
  hostPath: z.string().check(z.maxLength(65_536)),
  wallMs: z.number(),
  /** ms of its monotonic clock when it was `wallMs`. */
  monotonicMs: z.number(),
});

/** Keeper → orchestrator. It comes from another host: nothing in it is believed before it was checked. */
export const keeperMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), claims: hostClaimsSchema }),
  z.strictObject({ type: z.literal('pong'), number: count, at: z.number() }),
  z.strictObject({
    type: z.literal('answer'),
    id: count,
    value: z.optional(z.unknown()),
    problem: z.optional(z.strictObject({ code: word, sentence: word })),
  }),
  z.strictObject({
    type: z.literal('stored'),
    digest: digestSchema,
    problem: z.optional(word),
  }),
  z.strictObject({ type: z.literal('words'), life: count, bytes: z.base64() }),
  z.strictObject({
    type: z.literal('closed'),
    life: count,
    code: z.nullable(z.int()),
    signal: z.nullable(word),
  }),
  z.strictObject({ type: z.literal('unable'), life: count, sentence: word }),
]);

/** Nothing but that it is done. */
export const doneSchema = z.unknown();
/** Paths are the host's own; they are named to it again, and used nowhere else. */
export const preparedSchema = z.strictObject({
  folder: word,
  runFolder: word,
  buildCacheFolder: word,
  toolCacheFolder: word,
  doorPort: z.int().check(z.minimum(1), z.maximum(65_535)),
});
export const neededSchema = z.strictObject({ missing: z.array(digestSchema) });
export const leasedSchema = z.strictObject({
  ports: z.array(z.int().check(z.minimum(1), z.maximum(65_535))),
});
export const diskSchema = z.union([
  z.strictObject({ bytes: count }),
  /** Why it has none, one clause. */
  z.strictObject({ unavailable: word }),
]);
export const filledSchema = z.strictObject({ taken: count, free: count });
export const freeSchema = z.strictObject({ free: count });
export const arrivedSchema = z.strictObject({ arrivals: arrivalsSchema });
const dropsSchema = z.nullable(count);
export const restSchema = z.strictObject({
  drops: dropsSchema,
  found: z.union([
    z.strictObject({ notLooked: word }),
    z.strictObject({
      left: z.array(word).check(z.maxLength(10_000)),
      immortal: count,
      closed: count,
      missed: count,
    }),
  ]),
});
export const sweptSchema = z.strictObject({
  removed: z.array(word).check(z.maxLength(10_000)),
  /** Node.js that was sent there, and is kept for the next run. */
  kept: z.array(z.strictObject({ path: word, bytes: count })).check(z.maxLength(1_000)),
});

export type HostClaims = z.infer<typeof hostClaimsSchema>;
export type KeeperMessage = z.infer<typeof keeperMessageSchema>;
export type Prepared = z.infer<typeof preparedSchema>;
export type Rest = z.infer<typeof restSchema>;
export type Swept = z.infer<typeof sweptSchema>;

import * as z from 'zod/mini';
import { homeWords, rateWords } from './home.ts';
import { HOST_KINDS } from './hostKinds.ts';
import { hostNameSchema } from './hostName.ts';
import { REAL_NODES } from './paramLimits.ts';
import { countSchema, nodeIdSchema } from './names.ts';

const word = z.string().check(z.minLength(1), z.maxLength(300));
const ms = z.number().check(z.minimum(0));

const clockSchema = z.strictObject({
  offsetMs: z.number().check(z.describe("its monotonic clock ahead of the orchestrator's")),
  errorMs: ms.check(
    z.describe('half the fastest round trip: how asymmetric the path is cannot be seen'),
  ),
});

const lateSchema = z.strictObject({ p50: ms, p90: ms, p99: ms });

/** How late what came to a node on another host was there; null: nothing came, or the host could not be asked. */
export const arrivalsSchema = z.nullable(
  z.strictObject({
    errorMs: lateSchema.check(
      z.describe(
        'of datagrams and packets of services: when they came there, minus when they were due; below 0 counts as 0',
      ),
    ),
    earlyMs: ms.check(
      z.describe('how much before it was due the earliest came, by a clock known to ± errorMs'),
    ),
    links: z
      .array(z.strictObject({ from: nodeIdSchema, count: countSchema, errorMs: lateSchema }))
      .check(z.maxLength(REAL_NODES.max)),
  }),
);
export type Arrivals = z.infer<typeof arrivalsSchema>;

/** Where a node lived that did not live beside the orchestrator. What is said of the machine is its own claim. */
export const hostedNodeSchema = z.strictObject({
  nodeId: nodeIdSchema,
  host: hostNameSchema,
  kind: z.enum(HOST_KINDS),
  os: word,
  arch: word,
  node: word.check(z.describe('version of Node.js there')),
  identity: z
    .optional(word)
    .check(
      z.describe(
        "SHA-256 fingerprint of the ssh host's key, or the image of the container; left out: not seen",
      ),
    ),
  clock: z.strictObject({ start: clockSchema, end: clockSchema }),
  roundTripMs: z.strictObject({ min: ms, p50: ms }),
  pathMbps: z
    .optional(z.number().check(z.positive()))
    .check(
      z.describe(
        'what the way there carried each way, both at once, before the run; left out: not measured',
      ),
    ),
  arrivals: arrivalsSchema.check(
    z.describe('timing error at the receiver; null: nothing came, or the host could not be asked'),
  ),
  wallSkewMs: z.number().check(z.describe("its wall clock ahead of the orchestrator's")),
});
export type HostedNodeReport = z.infer<typeof hostedNodeSchema>;

/** One line for each node that lived elsewhere. */
export function hostWords(hosts: readonly HostedNodeReport[]): string[] {
  return hosts.map(({ nodeId, clock, roundTripMs, pathMbps, arrivals, ...home }) => {
    const late = arrivals?.errorMs;
    const came =
      late === undefined
        ? ''
        : `, what came there p50 ${late.p50.toFixed(1)}, p99 ${late.p99.toFixed(1)} ms late`;
    const carried = pathMbps === undefined ? '' : `, path ${rateWords(pathMbps)}`;
    const error = Math.max(clock.start.errorMs, clock.end.errorMs);
    return `${nodeId} on ${homeWords(home)}, clock ±${error.toFixed(2)} ms, round trip ${roundTripMs.min.toFixed(1)} ms${carried}${came}`;
  });
}

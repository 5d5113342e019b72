import * as z from 'zod/mini';
import { HOST_KINDS } from './hostKinds.ts';
import { hostNameSchema } from './hostName.ts';
import { nodeIdSchema } from './names.ts';

const word = z.string().check(z.minLength(1), z.maxLength(300));
const ms = z.number().check(z.minimum(0));

const clockSchema = z.strictObject({
  offsetMs: z.number().check(z.describe("its monotonic clock ahead of the orchestrator's")),
  errorMs: ms.check(
    z.describe('half the fastest round trip: how asymmetric the path is cannot be seen'),
  ),
});

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
  wallSkewMs: z.number().check(z.describe("its wall clock ahead of the orchestrator's")),
});
export type HostedNodeReport = z.infer<typeof hostedNodeSchema>;

/** One line for each node that lived elsewhere. */
export function hostWords(hosts: readonly HostedNodeReport[]): string[] {
  return hosts.map(({ nodeId, host, kind, os, arch, node, clock, roundTripMs }) => {
    const error = Math.max(clock.start.errorMs, clock.end.errorMs);
    return `${nodeId} on ${host} (${kind}, ${os} ${arch}, Node.js ${node}), clock ±${error.toFixed(2)} ms, round trip ${roundTripMs.min.toFixed(1)} ms`;
  });
}

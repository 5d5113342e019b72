import * as z from 'zod/mini';
import { environmentNameSchema } from './environmentName.ts';
import { endpointPatternSchema } from './endpoints.ts';
import { hostDemandSchema } from './hostDemand.ts';
import { REQUIRED_ISOLATIONS } from './isolation.ts';
import { digestSchema, isSeen, serviceNameSchema } from './names.ts';
import { commandSchema } from './command.ts';
import { envNameSchema } from './registry.ts';
import { sshAddress } from './sshAddress.ts';

const timeoutMs = z.int().check(z.minimum(10), z.maximum(3_600_000));

const probe = {
  name: z
    .optional(z.string().check(z.minLength(1), z.maxLength(64), isSeen))
    .check(z.describe('how messages call it')),
  timeoutMs: z._default(timeoutMs, 2_000).check(z.describe('how long one try may take')),
  intervalMs: z
    ._default(z.int().check(z.minimum(10), z.maximum(60_000)), 500)
    .check(z.describe('pause between two tries')),
  deadlineMs: z
    ._default(timeoutMs, 30_000)
    .check(z.describe('how long it may take until a try passes')),
};

/** Tried until it passes. A command runs in the release, on the machine the release is on. */
export const healthCheckSchema = z.union(
  [
    z.strictObject({ url: z.url({ protocol: /^https?$/ }), ...probe }),
    z.strictObject({ command: commandSchema, ...probe }),
  ],
  'must have exactly one of "url" or "command"',
);

const hook = z.strictObject({
  run: commandSchema,
  timeoutMs: z._default(timeoutMs, 300_000).check(z.describe('ended by force after this long')),
});

const released = {
  keep: z
    ._default(z.int().check(z.minimum(2), z.maximum(100)), 5)
    .check(z.describe('releases that stay on the disk, the active one included')),
  prepare: z
    .optional(hook)
    .check(z.describe('runs in the new release before it is made current: builds')),
  activate: z
    .optional(hook)
    .check(z.describe('runs in the release after it was made current: restarts')),
  health: z._default(z.array(healthCheckSchema).check(z.maxLength(64)), []),
};

/** Where a Capsule goes, and how it becomes active there: one schema for each of TARGET_KINDS. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('directory'),
    path: z
      .string()
      .check(
        z.regex(/^[^\0]+$/, 'must be the path of a folder'),
        isSeen,
        z.describe('relative to this file: releases/<capsuleHash>, current'),
      ),
    ...released,
  }),
  z.strictObject({
    kind: z.literal('ssh'),
    ...sshAddress,
    path: z
      .string()
      .check(z.regex(/^\/[^\0\n]+$/, 'must be an absolute path on that machine'), isSeen),
    ...released,
  }),
  z.strictObject({
    kind: z.literal('command'),
    run: commandSchema.check(
      z.describe('runs in the verified tree, with MESH_SIM_* in its environment'),
    ),
    rollback: z
      .optional(commandSchema)
      .check(z.describe('left out: "run" is run again with the previous Capsule')),
    timeoutMs: z._default(timeoutMs, 900_000),
    health: z._default(z.array(healthCheckSchema).check(z.maxLength(64)), []),
  }),
]);

/** "own": this user's Capsule key. "any": whoever is in allowed_signers. Else the fingerprint of a key in that file. */
const signerSchema = z
  .string()
  .check(
    z.regex(/^(own|any|SHA256:[A-Za-z0-9+/]{43})$/, 'must be "own", "any" or a key id SHA256:…'),
  );

/** What a rehearsal must have shown. What is left out: see docs/gate.md. */
export const gatePolicySchema = z.strictObject({
  maxAgeDays: z.number().check(z.positive(), z.maximum(3_650)),
  minNodes: z.int().check(z.minimum(2), z.maximum(10)),
  minPacketLoss: z
    .number()
    .check(z.minimum(0), z.maximum(100), z.describe('percent, on the best link of the run')),
  minLatencyMs: z
    .number()
    .check(z.minimum(0), z.maximum(60_000), z.describe('one way, on the fastest link of the run')),
  requireChaos: z.boolean(),
  trustedSigners: z.array(signerSchema).check(z.minLength(1), z.maxLength(64)),
  objectives: z
    .enum(['ignore', 'not-failed', 'met'])
    .check(z.describe('met: every objective of the Capsule was measured and held')),
  programs: z
    .optional(z.record(serviceNameSchema, digestSchema))
    .check(z.describe('service → SHA-256 of the only program of the machine it may have run as')),
  hosts: z
    .optional(hostDemandSchema)
    .check(z.describe('where the nodes of a rehearsal must have lived')),
  isolation: z
    .enum(REQUIRED_ISOLATIONS)
    .check(
      z.describe(
        'what every node must have had of its own: full: network, processes and paths; available: as much of that as the machine that rehearsed gives',
      ),
    ),
  upgradeFrom: z
    .enum(['active', 'any'])
    .check(
      z.describe(
        'active: the rehearsal must have upgraded from the very Capsule that is active in this environment now; any: a first start will do',
      ),
    ),
  requireRollback: z
    .boolean()
    .check(z.describe('the rehearsal must be an upgrade that went back in between, and whole')),
  allowDegraded: z.boolean().check(z.describe('accept a run whose timing missed its budget')),
  allowVirtual: z.boolean().check(z.describe('accept a run in virtual time')),
  allowBreakGlass: z
    .boolean()
    .check(z.describe('let --break-glass "<reason>" override a missing rehearsal')),
});

export const environmentSchema = z.strictObject({
  production: z._default(z.boolean(), false),
  endpoints: z
    ._default(z.array(endpointPatternSchema).check(z.maxLength(256)), [])
    .check(z.describe('hosts of this environment; a simulation never touches those of production')),
  secrets: z
    ._default(
      z
        .array(envNameSchema.check(z.regex(/^(?!MESH_SIM_)/, 'may not begin with MESH_SIM_')))
        .check(z.maxLength(64)),
      [],
    )
    .check(
      z.describe(
        "names only, for the target's commands; values come from the vault's scope of this environment",
      ),
    ),
  target: targetSchema,
  gate: z.optional(z.partial(gatePolicySchema)),
});

/** How simulations are kept away from production. */
export const simulationSchema = z.strictObject({
  namespace: z
    ._default(z.enum(['auto', 'off']), 'auto')
    .check(
      z.describe(
        'auto: services get a network of their own where the machine has one for them; off: only Node.js programs are guarded',
      ),
    ),
  ports: z
    ._default(z.array(z.int().check(z.minimum(1), z.maximum(65_535))).check(z.maxLength(256)), [])
    .check(z.describe('further ports at which hosts outside that network can be reached')),
});

/** `mesh.environments.json`. */
export const environmentsSchema = z.strictObject({
  $schema: z.optional(z.string()),
  environments: z.record(environmentNameSchema, environmentSchema),
  simulation: z.optional(simulationSchema),
});

export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type Hook = z.infer<typeof hook>;
export type Target = z.infer<typeof targetSchema>;
export type TargetOf<K extends Target['kind']> = Extract<Target, { kind: K }>;
export type GatePolicy = z.infer<typeof gatePolicySchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Environments = z.infer<typeof environmentsSchema>;

import * as z from 'zod';
import { endpointPatternSchema } from './endpoints.ts';
import { commandSchema } from './registry.ts';

const timeoutMs = z.int().min(10).max(3_600_000);

const probe = {
  name: z.string().min(1).max(64).optional().describe('how messages call it'),
  timeoutMs: timeoutMs.default(2_000).describe('how long one try may take'),
  intervalMs: z.int().min(10).max(60_000).default(500).describe('pause between two tries'),
  deadlineMs: timeoutMs.default(30_000).describe('how long it may take until a try passes'),
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
  timeoutMs: timeoutMs.default(300_000).describe('ended by force after this long'),
});

const released = {
  keep: z
    .int()
    .min(2)
    .max(100)
    .default(5)
    .describe('releases that stay on the disk, the active one included'),
  prepare: hook.optional().describe('runs in the new release before it is made current: builds'),
  activate: hook.optional().describe('runs in the release after it was made current: restarts'),
  health: z.array(healthCheckSchema).max(64).default([]),
};

/** Where a Capsule goes, and how it becomes active there. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('directory'),
    path: z.string().min(1).describe('relative to this file: releases/<capsuleHash>, current'),
    ...released,
  }),
  z.strictObject({
    kind: z.literal('ssh'),
    host: z
      .string()
      .regex(/^[A-Za-z0-9_[][^\s]*$/, 'must be a host as your ssh knows it, such as deploy@web1'),
    port: z.int().min(1).max(65_535).optional(),
    options: z
      .array(z.string().regex(/^[A-Za-z]+=.+$/, 'must be written as Key=value'))
      .max(32)
      .default([])
      .describe('ssh -o options, such as "IdentityFile=/home/me/.ssh/deploy"'),
    path: z.string().regex(/^\/[^\0\n]+$/, 'must be an absolute path on that machine'),
    ...released,
  }),
  z.strictObject({
    kind: z.literal('command'),
    run: commandSchema.describe('runs in the verified tree, with MESH_SIM_* in its environment'),
    rollback: commandSchema
      .optional()
      .describe('left out: "run" is run again with the previous Capsule'),
    timeoutMs: timeoutMs.default(900_000),
    health: z.array(healthCheckSchema).max(64).default([]),
  }),
]);

/** "own": this user's Capsule key. "any": whoever is in allowed_signers. Else the fingerprint of a key in that file. */
const signerSchema = z
  .string()
  .regex(/^(own|any|SHA256:[A-Za-z0-9+/]{43})$/, 'must be "own", "any" or a key id SHA256:…');

/** What a rehearsal must have shown. What is left out: see docs/gate.md. */
export const gatePolicySchema = z.strictObject({
  maxAgeDays: z.number().positive().max(3_650),
  minNodes: z.int().min(2).max(10),
  minPacketLoss: z.number().min(0).max(100).describe('percent, on the best link of the run'),
  minLatencyMs: z.number().min(0).max(60_000).describe('one way, on the fastest link of the run'),
  requireChaos: z.boolean(),
  trustedSigners: z.array(signerSchema).min(1).max(64),
  objectives: z
    .enum(['ignore', 'not-failed', 'met'])
    .describe('met: every objective of the Capsule was measured and held'),
  allowDegraded: z.boolean().describe('accept a run whose timing missed its budget'),
  allowVirtual: z.boolean().describe('accept a run in virtual time'),
  allowBreakGlass: z
    .boolean()
    .describe('let --break-glass "<reason>" override a missing rehearsal'),
});

export const environmentSchema = z.strictObject({
  production: z.boolean().default(false),
  endpoints: z
    .array(endpointPatternSchema)
    .max(256)
    .default([])
    .describe('hosts of this environment; a simulation never touches those of production'),
  target: targetSchema,
  gate: gatePolicySchema.partial().optional(),
});

export const environmentNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens');

/** How simulations are kept away from production. */
export const simulationSchema = z.strictObject({
  namespace: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe(
      'auto: services get a network of their own where the machine has one for them; off: only Node.js programs are guarded',
    ),
  ports: z
    .array(z.int().min(1).max(65_535))
    .max(256)
    .default([])
    .describe('further ports at which hosts outside that network can be reached'),
});

/** `mesh.environments.json`. */
export const environmentsSchema = z.strictObject({
  $schema: z.string().optional(),
  environments: z.record(environmentNameSchema, environmentSchema),
  simulation: simulationSchema.optional(),
});

export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type Hook = z.infer<typeof hook>;
export type Target = z.infer<typeof targetSchema>;
export type TargetOf<K extends Target['kind']> = Extract<Target, { kind: K }>;
export type GatePolicy = z.infer<typeof gatePolicySchema>;
export type Environment = z.infer<typeof environmentSchema>;
export type Environments = z.infer<typeof environmentsSchema>;

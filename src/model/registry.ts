import * as z from 'zod';
import { serviceNameSchema } from './names.ts';

/** An argument list is executed as it is; a single string goes through the system's shell. */
export const commandSchema = z.union(
  [
    z.string().min(1),
    z.array(z.string()).min(1).describe('program and arguments, executed without a shell'),
  ],
  'must be a command: a string for the shell, or a list of program and arguments',
);

const portNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a port name such as "http"');

const probeTiming = {
  intervalMs: z.int().min(10).max(60_000).default(200).describe('pause between two probes'),
  timeoutMs: z.int().min(10).max(60_000).default(2_000).describe('how long one probe may take'),
  deadlineMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(20_000)
    .describe('how long after its start a service may take to pass its first probe'),
};

export const healthSchema = z.union(
  [
    z.strictObject({
      http: z.strictObject({ port: portNameSchema, path: z.string().startsWith('/').default('/') }),
      ...probeTiming,
    }),
    z.strictObject({ tcp: z.strictObject({ port: portNameSchema }), ...probeTiming }),
    z.strictObject({ command: commandSchema, ...probeTiming }),
  ],
  'must have exactly one of "http", "tcp" or "command"',
);

/** What a service promises; measured during a run and recorded as an indicator beside the result. */
export const objectiveSchema = z.strictObject({
  name: z.string().min(1).max(64),
  metric: z.enum([
    'latency-p95-ms',
    'latency-p99-ms',
    'availability-percent',
    'time-to-healthy-ms',
    'recovery-ms',
  ]),
  comparator: z.enum(['<=', '>=']),
  threshold: z.number().nonnegative(),
});

const envNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be an environment variable name');

export const serviceSchema = z.strictObject({
  name: serviceNameSchema,
  repo: z.string().min(1).default('.').describe('a git repository, relative to this file'),
  path: z.string().min(1).describe("the service's folder inside its repository"),
  commit: z.string().min(1).default('HEAD').describe('any revision git can resolve to a commit'),
  build: commandSchema.optional(),
  start: commandSchema,
  env: z
    .record(envNameSchema, z.string())
    .default({})
    .describe(
      'the whole environment: nothing is inherited. May use ${port:…}, ${service:….…}, ${node.id}, ${host.path}',
    ),
  secrets: z
    .array(envNameSchema)
    .default([])
    .describe('names only; values come from the local vault'),
  ports: z.record(portNameSchema, z.int().min(1).max(65_535)).default({}),
  health: healthSchema,
  dependsOn: z.array(serviceNameSchema).default([]),
  objectives: z.array(objectiveSchema).default([]),
});

export const registrySchema = z.strictObject({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be a product name such as "harbor-pay"'),
  services: z.array(serviceSchema).min(1).max(64),
});

export type Command = z.infer<typeof commandSchema>;
export type Health = z.infer<typeof healthSchema>;
export type Objective = z.infer<typeof objectiveSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type Registry = z.infer<typeof registrySchema>;

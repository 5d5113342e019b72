import * as z from 'zod/mini';
import { checksSchema, workloadSchema } from './check.ts';
import { commandSchema, type Command } from './command.ts';
import { isSeen, serviceNameSchema } from './names.ts';
import { objectiveSchema } from './objective.ts';
import { requiredProgramSchema } from './requiredProgram.ts';

const portNameSchema = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a port name such as "http"'));

const deadlineMs = z.int().check(z.minimum(100), z.maximum(600_000));

const probeTiming = {
  intervalMs: z
    ._default(z.int().check(z.minimum(10), z.maximum(60_000)), 200)
    .check(z.describe('pause between two probes')),
  timeoutMs: z
    ._default(z.int().check(z.minimum(10), z.maximum(60_000)), 2_000)
    .check(z.describe('how long one probe may take')),
  deadlineMs: z
    ._default(deadlineMs, 20_000)
    .check(z.describe('how long after its start a service may take to pass its first probe')),
};

/** Migrations take their time. */
const ONE_SHOT_DEADLINE_MS = 60_000;

/** Of a one-shot service, which is not asked: it is healthy once it has exited with 0. capsule/registryRules says who may have it. */
const exitSchema = z.strictObject({
  deadlineMs: z
    ._default(deadlineMs, ONE_SHOT_DEADLINE_MS)
    .check(z.describe('how long after its start a one-shot service may take to exit')),
});

export const healthSchema = z.union(
  [
    z.strictObject({
      http: z.strictObject({
        port: portNameSchema,
        path: z._default(z.string().check(z.startsWith('/'), isSeen), '/'),
      }),
      ...probeTiming,
    }),
    z.strictObject({ tcp: z.strictObject({ port: portNameSchema }), ...probeTiming }),
    z.strictObject({ command: commandSchema, ...probeTiming }),
    exitSchema,
  ],
  'must have exactly one of "http", "tcp" or "command"',
);

export const envNameSchema = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be an environment variable name'));

/** Of a build whose registry says nothing else: a cold install of a large product takes a few minutes. */
export const BUILD_DEADLINE_MS = 600_000;

/** Of what brings state to another Capsule, whose registry says nothing else. */
const STATE_DEADLINE_MS = 60_000;

export const migrateSchema = z.union(
  [
    commandSchema,
    z.strictObject({
      run: commandSchema,
      once: z
        .optional(z.boolean())
        .check(
          z.describe(
            'on the first node that is moved there alone, for all of the mesh: state that nodes share',
          ),
        ),
      deadlineMs: z
        ._default(z.int().check(z.minimum(100), z.maximum(86_400_000)), STATE_DEADLINE_MS)
        .check(z.describe('how long it may take')),
    }),
  ],
  'must be a command, or an object with a command as "run"',
);

export const seedStateSchema = z.union(
  [
    commandSchema,
    z.strictObject({
      run: commandSchema,
      deadlineMs: z
        ._default(z.int().check(z.minimum(100), z.maximum(86_400_000)), STATE_DEADLINE_MS)
        .check(z.describe('how long it may take')),
    }),
  ],
  'must be a command, or an object with a command as "run"',
);

/** What every service has, wherever its program is from. */
const common = {
  start: commandSchema,
  env: z
    ._default(z.record(envNameSchema, z.string()), {})
    .check(
      z.describe(
        'the whole environment: nothing is inherited. May use ${port:…}, ${service:….…}, ${peers:….…}, ${node.id}, ${node.index}, ${node.address}, ${host.path}, ${host.home}, ${state}, as commands may',
      ),
    ),
  secrets: z
    ._default(z.array(envNameSchema), [])
    .check(z.describe('names only; values come from the local vault')),
  ports: z._default(z.record(portNameSchema, z.int().check(z.minimum(1), z.maximum(65_535))), {}),
  once: z
    .optional(z.boolean())
    .check(
      z.describe(
        'it does its work and ends, as a migration does: healthy once it has exited with 0, and run again when its node is started again',
      ),
    ),
  daemon: z
    .optional(z.boolean())
    .check(
      z.describe(
        'its start command ends and leaves processes, which are the service: they are kept, and stopped by SIGTERM',
      ),
    ),
  migrate: z
    .optional(migrateSchema)
    .check(
      z.describe(
        'in an upgrade, a command that brings the state that the other Capsule left to this one: run on each node where the service runs, before it starts',
      ),
    ),
  seedState: z
    .optional(seedStateSchema)
    .check(
      z.describe(
        'in an upgrade, a command of the Capsule that runs before: it fills the state that the service finds when it starts for the first time; left out: that is empty',
      ),
    ),
  health: z._default(healthSchema, { deadlineMs: ONE_SHOT_DEADLINE_MS }),
  dependsOn: z._default(z.array(serviceNameSchema), []),
  objectives: z._default(z.array(objectiveSchema), []),
};

const patternsSchema = z
  .array(z.string().check(z.minLength(1), z.maxLength(1024), isSeen))
  .check(z.minLength(1), z.maxLength(64));

/** A service whose content is in git. */
export const sourceServiceSchema = z.strictObject({
  name: serviceNameSchema,
  repo: z
    ._default(z.string().check(z.minLength(1)), '.')
    .check(z.describe('a git repository, relative to this file')),
  path: z
    .string()
    .check(
      z.minLength(1),
      z.describe("the service's folder inside its repository; it is started and asked there"),
    ),
  root: z
    .optional(z.string().check(z.minLength(1)))
    .check(
      z.describe(
        'the folder inside its repository that is packed and laid out, with path in it; left out: path. Services that name the same one share its content, and what the same build makes of it',
      ),
    ),
  include: z
    .optional(patternsSchema)
    .check(
      z.describe(
        'what of the root belongs to it: patterns relative to it, such as "packages/shared" or "**/*.json"; left out: all',
      ),
    ),
  exclude: z
    .optional(patternsSchema)
    .check(z.describe('what of the root does not belong to it, though include names it')),
  lfs: z
    .optional(z.boolean())
    .check(
      z.describe(
        'true: files that Git LFS keeps are packed with their content, which the clone has to have',
      ),
    ),
  envFiles: z
    .optional(
      z
        .array(z.string().check(z.minLength(1), z.maxLength(1024), isSeen))
        .check(z.minLength(1), z.maxLength(16)),
    )
    .check(
      z.describe(
        'committed files in .env form, relative to path, whose values are packed into env: later files count over earlier ones, and env over all',
      ),
    ),
  commit: z
    ._default(z.string().check(z.minLength(1), isSeen), 'HEAD')
    .check(z.describe('any revision git can resolve to a commit')),
  build: z.optional(commandSchema),
  buildIn: z
    .optional(z.enum(['root', 'path']))
    .check(z.describe('the folder that build runs in; left out: root')),
  buildDeadlineMs: z
    .optional(z.int().check(z.minimum(100), z.maximum(86_400_000)))
    .check(
      z.describe(
        'how long the build may take, left out: 600000; builds do not count into the deadline of a run',
      ),
    ),
  buildSecrets: z
    .optional(z.array(envNameSchema))
    .check(
      z.describe(
        'names of secrets that the build is given as variables, and the service is not; values come from the local vault',
      ),
    ),
  ...common,
});

/** A service whose program is the machine's own: nothing of it is packed but what it requires. */
export const programServiceSchema = z.strictObject({
  name: serviceNameSchema,
  program: requiredProgramSchema,
  ...common,
});

export const serviceSchema = z.union(
  [sourceServiceSchema, programServiceSchema],
  'must have either a "path" in git or a "program" of the machine',
);

export const registrySchema = z.strictObject({
  $schema: z.optional(z.string()),
  name: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be a product name such as "harbor-pay"')),
  services: z.array(serviceSchema).check(z.minLength(1), z.maxLength(64)),
  checks: z.optional(checksSchema),
  workload: z.optional(workloadSchema),
});

export type { Command } from './command.ts';
export type Health = z.infer<typeof healthSchema>;
/** One that is asked; left out is that of a one-shot service. */
export type AskedHealth = Extract<Health, { readonly intervalMs: number }>;
export type SourceService = z.infer<typeof sourceServiceSchema>;
export type ProgramService = z.infer<typeof programServiceSchema>;
export type Service = SourceService | ProgramService;
export type Registry = z.infer<typeof registrySchema>;

/** A command that acts on the state of a service while that does not run, in its long form. */
export interface StateCommand {
  readonly run: Command;
  /** How long it may take. */
  readonly deadlineMs: number;
}

export interface Migration extends StateCommand {
  readonly once?: boolean | undefined;
}

/** What brings the state of a service to its Capsule, with the deadline that counts. Undefined: nothing does. */
export function migrationOf({ migrate }: Pick<Service, 'migrate'>): Migration | undefined {
  return inLongForm(migrate);
}

/** What fills the state of a service before it starts for the first time. Undefined: nothing does. */
export function seedOf({ seedState }: Pick<Service, 'seedState'>): StateCommand | undefined {
  return inLongForm(seedState);
}

function inLongForm<T extends StateCommand>(
  given: Command | T | undefined,
): T | StateCommand | undefined {
  if (typeof given !== 'string' && !Array.isArray(given)) return given;
  return { run: given, deadlineMs: STATE_DEADLINE_MS };
}

/** Whether a service, of a registry or a Capsule, is a program of the machine. */
export function isProgram<T extends object>(
  service: T,
): service is Extract<T, { readonly program: unknown }> {
  return 'program' in service;
}

/** Those whose content is in git. */
export function sourceServices({ services }: Pick<Registry, 'services'>): SourceService[] {
  return services.flatMap((service) => (isProgram(service) ? [] : [service]));
}

/** Whether there is something to ask: otherwise it is the health of a one-shot service. */
export function isAsked(health: Health): health is AskedHealth {
  return 'http' in health || 'tcp' in health || 'command' in health;
}

/** Whether a service does its work and ends, and is healthy then. */
export function isOneShot({ health }: Pick<Service, 'health'>): boolean {
  return !isAsked(health);
}

import * as z from 'zod/mini';
import { packedServices, type CapsuleService, type Manifest } from './capsule.ts';
import { gitIdSchema, isoTimeSchema, serviceNameSchema } from './names.ts';
import {
  capsuleSubject,
  capsuleSubjectSchema,
  ledgerOriginSchema,
  STATEMENT_TYPE,
  type StatementKind,
} from './statementKind.ts';
import { isProgram } from './registry.ts';
import { rootOf } from './serviceRoot.ts';
import { requiredProgramSchema } from './requiredProgram.ts';

export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
export const PACK_BUILD_TYPE = 'urn:oursynth:mesh-sim:pack:v1';
/** The builder is the product, whoever runs it: who vouches for this pack is whose key signs the statement. */
export const PACK_BUILDER = 'urn:oursynth:mesh-sim:packer:v1';

/** 64 repositories, and submodules of theirs. */
const MOST_DEPENDENCIES = 10_000;

/** When and for which ledger a Capsule was packed: each pack is a statement of its own, so none can be filed twice. */
export interface PackRun {
  readonly invocationId: string;
  readonly finishedOn: string;
  readonly ledger: string;
}

/** in-toto Statement v1 with SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). */
export const packStatementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: capsuleSubjectSchema,
  predicateType: z.literal(PROVENANCE_TYPE),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.literal(PACK_BUILD_TYPE),
      externalParameters: z.strictObject({
        name: z.string().check(z.minLength(1), z.maxLength(64)),
        services: z
          .array(
            z.union([
              z.strictObject({
                name: serviceNameSchema,
                repo: z.string().check(z.minLength(1)),
                path: z.string().check(z.minLength(1)),
                root: z.optional(z.string().check(z.minLength(1))),
                commit: gitIdSchema,
              }),
              z.strictObject({ name: serviceNameSchema, program: requiredProgramSchema }),
            ]),
          )
          .check(z.minLength(1), z.maxLength(64)),
        allowDirty: z.boolean(),
      }),
      internalParameters: z.optional(z.strictObject({ ledger: ledgerOriginSchema })),
      resolvedDependencies: z
        .array(
          z.strictObject({
            name: z.string().check(z.minLength(1)),
            digest: z.strictObject({ gitCommit: gitIdSchema }),
          }),
        )
        .check(z.minLength(1), z.maxLength(MOST_DEPENDENCIES)),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.literal(PACK_BUILDER) }),
      metadata: z
        .optional(z.strictObject({ invocationId: z.uuid(), finishedOn: isoTimeSchema }))
        .check(z.describe('packs of earlier releases do not say it')),
    }),
  }),
});

export type PackStatement = z.infer<typeof packStatementSchema>;

/** What a node checks before it starts or relays anything, so it is known without the schemas of evidence. */
export const PACK: StatementKind<PackStatement> = {
  name: 'a signed pack',
  predicateType: PROVENANCE_TYPE,
  schema: packStatementSchema,
  maxBytes: 4 * 1024 * 1024,
};

/**
 * The statement about a Capsule: which commits went in, and no host, user or place. Everything but the run follows from
 * the manifest, so a verifier that has the manifest makes it once more and compares.
 */
export function packStatementOf(
  capsuleHash: string,
  manifest: Manifest,
  run: PackRun | undefined,
): PackStatement {
  return {
    _type: STATEMENT_TYPE,
    subject: capsuleSubject(capsuleHash),
    predicateType: PROVENANCE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: PACK_BUILD_TYPE,
        externalParameters: {
          name: manifest.name,
          services: manifest.services.map(sourceOf),
          allowDirty: manifest.dirty !== undefined,
        },
        ...(run === undefined ? {} : { internalParameters: { ledger: run.ledger } }),
        resolvedDependencies: dependenciesOf(manifest),
      },
      runDetails: {
        builder: { id: PACK_BUILDER },
        ...(run === undefined
          ? {}
          : { metadata: { invocationId: run.invocationId, finishedOn: run.finishedOn } }),
      },
    },
  };
}

/** The run a statement names; undefined: an earlier release packed it. */
export function packRunOf({ predicate }: PackStatement): PackRun | undefined {
  const { buildDefinition, runDetails } = predicate;
  const { metadata } = runDetails;
  const ledger = buildDefinition.internalParameters?.ledger;
  return metadata === undefined || ledger === undefined ? undefined : { ...metadata, ledger };
}

type Source =
  PackStatement['predicate']['buildDefinition']['externalParameters']['services'][number];

/** Where a service is from. */
function sourceOf(service: CapsuleService): Source {
  const { name } = service;
  if (isProgram(service)) return { name, program: service.program };
  const { repo, path, root, commit } = service;
  return { name, repo, path, ...(root === undefined ? {} : { root }), commit };
}

type Dependency = PackStatement['predicate']['buildDefinition']['resolvedDependencies'][number];

/** Each commit of each repository and submodule once, in order of first use. */
function dependenciesOf(manifest: Manifest): Dependency[] {
  const sources = packedServices(manifest).flatMap((service) => {
    const { repo, commit, submodules = [] } = service;
    const inside = submodules.map((one) => ({
      name: [repo, rootOf(service), one.path].filter((part) => part !== '.').join('/'),
      commit: one.commit,
    }));
    return [{ name: repo, commit }, ...inside];
  });
  const distinct = new Map(sources.map((one) => [`${one.name}@${one.commit}`, one]));
  return [...distinct.values()].map(({ name, commit }) => ({
    name,
    digest: { gitCommit: commit },
  }));
}

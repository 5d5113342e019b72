import * as z from 'zod/mini';
import { checksSchema, workloadSchema } from './check.ts';
import { digestSchema, gitIdSchema, isSeen, serviceNameSchema } from './names.ts';
import { isProgram, programServiceSchema, sourceServiceSchema } from './registry.ts';

export const CAPSULE_SCHEMA = 'urn:oursynth:mesh-sim:capsule:v1';

export const chunkSchema = z.strictObject({
  digest: digestSchema,
  size: z.int().check(z.minimum(1), z.describe('bytes before compression')),
});

export const chunkerSchema = z.strictObject({
  name: z.literal('fastcdc-v1'),
  minBytes: z.int().check(z.positive()),
  averageBytes: z.int().check(z.positive()),
  maxBytes: z.int().check(z.positive()),
});

/** One service with its content: the registry's words, plus which commit, which tree, and the content's digests. */
export const packedServiceSchema = z.extend(z.omit(sourceServiceSchema, { commit: true }), {
  name: serviceNameSchema,
  commit: gitIdSchema,
  tree: gitIdSchema,
  submodules: z
    .optional(
      z
        .array(
          z.strictObject({ path: z.string().check(z.minLength(1), isSeen), commit: gitIdSchema }),
        )
        .check(z.minLength(1)),
    )
    .check(z.describe('whose files are among the content, by their paths below the root')),
  archive: z.strictObject({ digest: digestSchema, size: z.int().check(z.minimum(1)) }),
  chunks: z
    .optional(z.array(chunkSchema))
    .check(z.describe('left out: those of a service before it with the same archive')),
});

/**
 * The Capsule's manifest. `capsule.json` holds exactly its RFC 8785 bytes; their SHA-256 is the capsuleHash.
 * It holds no time, host or user: the same commits give the same hash everywhere.
 */
export const manifestSchema = z.strictObject({
  schema: z.literal(CAPSULE_SCHEMA),
  name: z.string().check(z.minLength(1), z.maxLength(64), isSeen),
  chunker: chunkerSchema,
  dirty: z
    .optional(z.array(z.string()))
    .check(
      z.describe(
        'files that differed from the commit when packed with --allow-dirty; no gate accepts such a Capsule',
      ),
    ),
  services: z
    .array(z.union([packedServiceSchema, programServiceSchema]))
    .check(z.minLength(1), z.maxLength(64)),
  checks: z.optional(checksSchema),
  workload: z.optional(workloadSchema),
});

export type Chunk = z.infer<typeof chunkSchema>;
export type Chunker = z.infer<typeof chunkerSchema>;
export type PackedService = z.infer<typeof packedServiceSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type CapsuleService = Manifest['services'][number];

/** A manifest with the bytes it was read from: what is verified and sent is always `bytes`. */
export interface Capsule {
  readonly capsuleHash: string;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/** Those with content: all but programs of the machine. */
export function packedServices({ services }: Pick<Manifest, 'services'>): PackedService[] {
  return services.flatMap((service) => (isProgram(service) ? [] : [service]));
}

/** Bytes of all archives: one that services share counts once. */
export function archiveBytes(manifest: Pick<Manifest, 'services'>): number {
  return packedServices(manifest).reduce(
    (sum, { archive, chunks }) => sum + (chunks === undefined ? 0 : archive.size),
    0,
  );
}

/** The chunks a node needs, each digest once, in order of first use: a chunk's index in the mesh protocol. */
export function distinctChunks(manifest: Manifest): Chunk[] {
  const seen = new Map<string, Chunk>();
  for (const service of packedServices(manifest)) {
    for (const chunk of service.chunks ?? [])
      if (!seen.has(chunk.digest)) seen.set(chunk.digest, chunk);
  }
  return [...seen.values()];
}

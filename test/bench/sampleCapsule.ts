import { capsuleFrom } from '../../src/capsule/load.ts';
import { FASTCDC_V1 } from '../../src/capsule/fastcdc.ts';
import { signPack } from '../../src/capsule/packStatement.ts';
import { CAPSULE_SCHEMA, type Capsule } from '../../src/model/capsule.ts';
import type { DsseEnvelope } from '../../src/model/evidence.ts';
import { serviceSchema } from '../../src/model/registry.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { signingKeyOf } from '../../src/signing/keys.ts';
import { randomBytesOf } from './sampleRepository.ts';

export interface SampleCapsule {
  readonly capsule: Capsule;
  readonly packEnvelope: DsseEnvelope;
  readonly publicKey: string;
  /** In the order of the manifest. */
  readonly chunks: readonly Uint8Array[];
}

/** A signed Capsule in memory: one service, random content, chunks of the average size of real ones. */
export function sampleCapsule(bytes: number): SampleCapsule {
  const chunkBytes = FASTCDC_V1.averageBytes;
  const content = randomBytesOf(11, bytes);
  const chunks = Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, at) =>
    content.subarray(at * chunkBytes, (at + 1) * chunkBytes),
  );
  const service = serviceSchema.parse({
    name: 'app',
    path: 'app',
    start: ['node', 'server.cjs'],
    health: { command: ['node', '-e', '0'] },
  });
  const capsule = capsuleFrom(
    canonicalBytes({
      schema: CAPSULE_SCHEMA,
      name: 'bench',
      chunker: FASTCDC_V1,
      services: [
        {
          ...service,
          commit: '0'.repeat(40),
          tree: '0'.repeat(40),
          archive: { digest: sha256Hex(content), size: bytes },
          chunks: chunks.map((chunk) => ({ digest: sha256Hex(chunk), size: chunk.length })),
        },
      ],
    }),
  );
  const key = signingKeyOf(new Uint8Array(32).fill(7));
  const packEnvelope = signPack(capsule, undefined, key);
  return { capsule, packEnvelope, publicKey: key.publicKey, chunks };
}

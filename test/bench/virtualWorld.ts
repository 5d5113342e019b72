import { chunkLength } from '../../src/capsule/fastcdc.ts';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import { runVirtual, type VirtualRun } from '../../src/runtime/virtual/run.ts';
import { randomBytesOf } from './sampleRepository.ts';

const SOME_CAPSULE = '0'.repeat(64);
const SOME_RUN = '7b0c1f6e-2b9f-4a51-9d3e-0c6a5f1d2e3b';
const BYTES_PER_CHUNK_IN_MANIFEST = 100;

/** The sizes of the chunks that the product's chunker makes of random content. */
export function chunkSizesOf(bytes: number): number[] {
  const content = randomBytesOf(3, bytes);
  const sizes: number[] = [];
  for (let start = 0; start < bytes;) {
    const size = chunkLength(content, start, bytes);
    sizes.push(size);
    start += size;
  }
  return sizes;
}

/** One rollout in virtual time. */
export function rollOutVirtually(
  plan: Omit<PlanInput, 'capsuleHash' | 'world'>,
  chunkSizes: readonly number[],
  manifestBytes = chunkSizes.length * BYTES_PER_CHUNK_IN_MANIFEST,
): Promise<VirtualRun> {
  return runVirtual({
    simId: SOME_RUN,
    plan: planSchema.parse({ ...plan, capsuleHash: SOME_CAPSULE, world: 'virtual' }),
    chunkSizes,
    manifestBytes,
    services: ['app'],
    startedAt: 0,
    environment: { os: 'any', arch: 'any', node: 'any', product: 'bench' },
  });
}

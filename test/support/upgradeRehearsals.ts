import { writeCapsim } from '../../src/evidence/capsim.ts';
import { sealRun, type SealedRun } from '../../src/evidence/seal.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import type { PlanInput } from '../../src/model/plan.ts';
import { envelopeDigest } from '../../src/signing/dsse.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { leafHash } from '../../src/signing/merkle.ts';
import type { Rehearsal } from './gateWorld.ts';
import {
  CAPSULE_HASH,
  CAPSULE_KEY,
  entryFor,
  packedBefore,
  packEnvelopeBy,
  proofFor,
} from './sealedRun.ts';
import { upgradeObservation } from './upgradeObservation.ts';

/** As if real processes had run: what virtual time observed is as true of them. */
function asReal(observation: RunObservation): RunObservation {
  return {
    ...observation,
    plan: { ...observation.plan, world: 'real' },
    environment: {
      ...observation.environment,
      ...{ os: 'linux', fidelity: 'datagram', isolation: 'full' },
    },
  };
}

export interface UpgradeChoice {
  readonly plan?: Partial<PlanInput>;
  readonly isVirtual?: boolean;
  /** Who packed the Capsule before. */
  readonly packer?: SigningKey;
  /** The Capsule before. */
  readonly from?: string;
}

export async function sealedUpgrade({
  plan,
  isVirtual = false,
  packer,
  from,
}: UpgradeChoice = {}): Promise<SealedRun> {
  const observation = await upgradeObservation(plan);
  return sealRun({
    observation: isVirtual ? observation : asReal(observation),
    ...{
      capsuleHash: CAPSULE_HASH,
      key: CAPSULE_KEY,
      before: packedBefore(packer, undefined, from),
    },
    packEnvelope: packEnvelopeBy(CAPSULE_KEY),
  });
}

export function rehearsalOf(sealed: SealedRun): Rehearsal {
  const proof = proofFor(entryFor(sealed));
  const result = {
    index: proof.index,
    leafHash: Buffer.from(leafHash(proof.leaf)).toString('hex'),
    body: envelopeDigest(sealed.envelope),
    outcome: sealed.result.outcome,
  };
  return {
    bytes: writeCapsim(sealed.envelope, proof),
    run: { simId: sealed.result.simId, startedAt: 1, result },
  };
}

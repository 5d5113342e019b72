import { writeCapsim } from '../../src/evidence/capsim.ts';
import { sealRun } from '../../src/evidence/seal.ts';
import type { GateInput, RunFacts } from '../../src/deploy/gateFacts.ts';
import type { EvidenceStatement } from '../../src/model/evidence.ts';
import type { Indicator } from '../../src/model/indicator.ts';
import { DSSE_PAYLOAD_TYPE } from '../../src/model/evidence.ts';
import type { RunObservation } from '../../src/model/observation.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { envelopeDigest, signEnvelope } from '../../src/signing/dsse.ts';
import { leafHash } from '../../src/signing/merkle.ts';
import type { SigningKey } from '../../src/signing/keys.ts';
import { observationOf, SOME_SIM_ID, type ObservationChoice } from './observation.ts';
import {
  CAPSULE_HASH,
  CAPSULE_KEY,
  LOG_KEY,
  entryFor,
  packEnvelopeBy,
  proofFor,
} from './sealedRun.ts';

/** When the rehearsals of these tests end. */
export const ENDED_MS = Date.UTC(2026, 0, 5, 9, 0, 1, 750);

export interface RehearsalChoice extends ObservationChoice {
  readonly key?: SigningKey;
  readonly logKey?: SigningKey;
  readonly environment?: Partial<RunObservation['environment']>;
  readonly indicators?: Indicator[];
  /** What was observed otherwise than in a run in which all went as planned. */
  readonly observed?: (observation: RunObservation) => Partial<RunObservation>;
}

export interface Rehearsal {
  readonly bytes: Uint8Array;
  readonly run: RunFacts & Required<Pick<RunFacts, 'result'>>;
}

/** A genuine sealed rehearsal that meets the strict policy, but for what is chosen otherwise. */
export function rehearsal(choice: RehearsalChoice = {}): Rehearsal {
  const { key = CAPSULE_KEY, capsuleHash = CAPSULE_HASH, simId = SOME_SIM_ID } = choice;
  const plan = { chaos: { preset: 'crash-mid-deploy' as const }, ...choice.plan };
  const { degraded } = choice.environment ?? {};
  const timing = degraded === undefined ? {} : { degraded };
  const observed = observationOf({ ...choice, ...timing, capsuleHash, simId, plan });
  const otherwise = choice.observed?.(observed);
  const observation = {
    ...observed,
    ...otherwise,
    environment: { ...observed.environment, ...otherwise?.environment, ...choice.environment },
  };
  const packEnvelope = packEnvelopeBy(key, capsuleHash);
  const sealed = sealRun({ observation, capsuleHash, packEnvelope, key });
  const envelope =
    choice.indicators === undefined
      ? sealed.envelope
      : withIndicators(sealed.statementBytes, choice.indicators, key);
  const entry = entryFor({ ...sealed, envelope }, key);
  const { outcome } = observation;
  const proof = proofFor(entry, choice.logKey);
  const body = envelopeDigest(envelope);
  return {
    bytes: writeCapsim(envelope, proof),
    run: {
      simId: observation.simId,
      startedAt: 1,
      result: { index: proof.index, leafHash: hex(leafHash(proof.leaf)), body, outcome },
    },
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function withIndicators(statementBytes: Uint8Array, indicators: Indicator[], key: SigningKey) {
  const statement = JSON.parse(Buffer.from(statementBytes).toString()) as EvidenceStatement;
  statement.predicate.meshsim_evidence.indicators = indicators;
  return signEnvelope(DSSE_PAYLOAD_TYPE, canonicalBytes(statement), key);
}

/** What the gate sees of a workspace with one good rehearsal. */
export function gateInputOf({ bytes, run }: Rehearsal): GateInput {
  return {
    environment: 'production',
    capsuleHash: CAPSULE_HASH,
    ledger: { newestAt: new Date(ENDED_MS).toISOString() },
    pack: {
      ...{ publicKey: CAPSULE_KEY.publicKey, at: new Date(ENDED_MS).toISOString() },
      ...{ isVouchedFor: true, isDirty: false, objectives: [] },
    },
    unproven: [],
    active: [],
    runs: [run],
    evidence: { bytes },
    trustedKeys: [CAPSULE_KEY],
    ownKey: CAPSULE_KEY.publicKey,
    logKey: LOG_KEY.publicKey,
  };
}

import { MeshSimError, messageOf } from '../base/errors.ts';
import type { DsseEnvelope, EvidenceStatement, MeshSimResult } from '../model/evidence.ts';
import {
  EVIDENCE_SCHEMA,
  EVIDENCE_SCHEMA_V3,
  RESULT_PAYLOAD_TYPE,
  TEST_RESULT_PREDICATE,
} from '../model/evidence.ts';
import type { RunObservation } from '../model/observation.ts';
import { capsuleSubject, STATEMENT_TYPE } from '../model/statementKind.ts';
import { TEST_RESULT } from '../model/statementKinds.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';
import { envelopeDigest, preAuthEncoding } from '../signing/dsse.ts';
import type { SigningKey } from '../signing/keys.ts';
import { signStatement } from '../signing/statement.ts';
import { legibleRun } from './legibleRun.ts';
import { contradictionsIn } from './meaning/contradictions.ts';
import { resultParams } from './resultParams.ts';
import { roundedDeep } from './rounding.ts';
import { readStatement } from './statement.ts';
import { testNames } from './testNames.ts';

export interface SealInput {
  readonly observation: RunObservation;
  readonly capsuleHash: string;
  /** The signed pack entry of the Capsule. */
  readonly packEnvelope: DsseEnvelope;
  /** `envelopeDigest` of the previous run's envelope for the same Capsule. */
  readonly previousSim?: string;
  readonly key: SigningKey;
  /** The signed pack entry of the Capsule that ran before, and whose key signed it; of an upgrade. */
  readonly before?: { readonly envelope: DsseEnvelope; readonly publicKey: string };
}

export interface SealedRun {
  readonly result: MeshSimResult;
  readonly resultBytes: Uint8Array;
  /** SHA-256 of `resultBytes`. */
  readonly resultDigest: string;
  readonly statementBytes: Uint8Array;
  readonly envelope: DsseEnvelope;
}

function resultOf({ observation, capsuleHash, key }: SealInput): MeshSimResult {
  return {
    simId: observation.simId,
    capsuleHash,
    params: resultParams(observation.plan),
    nodeReports: [...observation.nodeReports],
    latencyMatrix: roundedDeep(observation.latencyMatrix.map((row) => [...row])),
    outcome: observation.outcome,
    startedAt: observation.startedAt,
    endedAt: observation.endedAt,
    signedBy: key.publicKey,
  };
}

function linksOf({ packEnvelope, previousSim }: SealInput): Evidence['links'] {
  const pack = { rel: 'capsule-pack', digest: { sha256: envelopeDigest(packEnvelope) } } as const;
  if (previousSim === undefined) return [pack];
  return [pack, { rel: 'previous-sim', digest: { sha256: previousSim } }];
}

type Evidence = EvidenceStatement['predicate']['meshsim_evidence'];
type EvidenceV3 = Extract<Evidence, { schema: typeof EVIDENCE_SCHEMA_V3 }>;

/** The schema, and what only evidence of an upgrade has. */
function upgradeOf({
  observation: { upgrade },
  before,
}: SealInput): { schema: typeof EVIDENCE_SCHEMA } | Pick<EvidenceV3, 'schema' | 'upgrade'> {
  if (upgrade === undefined) return { schema: EVIDENCE_SCHEMA };
  if (before === undefined) throw new Error('An upgrade is sealed with the pack it starts from.');
  const { from: sha256, ...report } = upgrade;
  return {
    schema: EVIDENCE_SCHEMA_V3,
    upgrade: {
      ...(roundedDeep(report) as Omit<EvidenceV3['upgrade'], 'from'>),
      from: { digest: { sha256 }, envelope: before.envelope, publicKey: before.publicKey },
    },
  };
}

function evidenceOf(input: SealInput, result: MeshSimResult, resultBytes: Uint8Array): Evidence {
  const { observation, key } = input;
  const signature = key.sign(preAuthEncoding(RESULT_PAYLOAD_TYPE, resultBytes));
  return {
    ...upgradeOf(input),
    result,
    resultDigest: { sha256: sha256Hex(resultBytes) },
    resultSignature: {
      payloadType: RESULT_PAYLOAD_TYPE,
      keyid: key.keyid,
      publicKey: key.publicKey,
      sig: Buffer.from(signature).toString('base64'),
    },
    plan: observation.plan,
    capsule: { digest: { sha256: input.capsuleHash }, envelope: input.packEnvelope },
    links: linksOf(input),
    events: {
      mediaType: 'application/x-ndjson',
      count: observation.events.count,
      digest: { sha256: observation.events.digest },
      merkleRoot: observation.events.merkleRoot,
    },
    network: roundedDeep(observation.network),
    recovery: [...observation.recovery],
    faults: [...observation.faults],
    ...(observation.ran === undefined ? {} : { ran: [...observation.ran] }),
    ...(observation.held === undefined ? {} : { held: observation.held }),
    ...(observation.programs === undefined ? {} : { programs: [...observation.programs] }),
    ...(observation.hosts === undefined ? {} : { hosts: roundedDeep([...observation.hosts]) }),
    invariants: [...observation.invariants],
    indicators: [...observation.indicators],
    environment: observation.environment,
  };
}

function statementOf(evidence: Evidence): EvidenceStatement {
  const { result } = evidence;
  const params = canonicalBytes(result.params);
  return {
    _type: STATEMENT_TYPE,
    subject: capsuleSubject(result.capsuleHash),
    predicateType: TEST_RESULT_PREDICATE,
    predicate: {
      result: result.outcome === 'pass' ? 'PASSED' : 'FAILED',
      configuration: [
        {
          name: 'params.json',
          digest: { sha256: sha256Hex(params) },
          content: Buffer.from(params).toString('base64'),
          mediaType: 'application/json',
        },
      ],
      url: `urn:uuid:${result.simId}`,
      ...testNames(result.nodeReports, evidence.invariants),
      meshsim_evidence: evidence,
    },
  };
}

function problemsOf(bytes: Uint8Array): string[] {
  try {
    return contradictionsIn(readStatement(bytes));
  } catch (error) {
    return [messageOf(error)];
  }
}

/** Nothing is signed that a verifier would refuse: what was observed, in the form it would have been signed in, and why not. */
export class UnsealableRun extends MeshSimError {
  /** A sentence for everything that contradicts itself, or its plan. */
  readonly problems: readonly string[];
  /** Canonical JSON; nobody has signed it. */
  readonly statementBytes: Uint8Array;

  constructor(problems: readonly string[], statementBytes: Uint8Array) {
    super(
      'internal',
      `The record of this run does not hold and is not sealed: ${problems.join(' ')}`,
    );
    this.name = 'UnsealableRun';
    this.problems = problems;
    this.statementBytes = statementBytes;
  }
}

/**
 * Turns an observed run into signed evidence: the result, signed on its own, inside an in-toto statement, signed as a
 * DSSE envelope. Latencies are rounded to 3 decimals first, and what programs said is made legible. Throws `UnsealableRun` for a record that contradicts itself.
 */
export function sealRun(given: SealInput): SealedRun {
  const input = { ...given, observation: legibleRun(given.observation) };
  const result = resultOf(input);
  const resultBytes = canonicalBytes(result);
  const evidence = evidenceOf(input, result, resultBytes);
  const statement = statementOf(evidence);
  const statementBytes = canonicalBytes(statement);
  const problems = problemsOf(statementBytes);
  if (problems.length > 0) throw new UnsealableRun(problems, statementBytes);
  return {
    result,
    resultBytes,
    resultDigest: evidence.resultDigest.sha256,
    statementBytes,
    envelope: signStatement(TEST_RESULT, statement, input.key),
  };
}

import assert from 'node:assert/strict';
import { ManifestCheck } from '../../../src/agent/manifestCheck.ts';
import { encodeManifestPayload } from '../../../src/agent/manifestPayload.ts';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import type { DsseEnvelope } from '../../../src/model/dsse.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import type { SignedKind } from '../../../src/model/ledgerEntry.ts';
import { STATEMENT_KINDS } from '../../../src/model/statementKinds.ts';
import { openFiling } from '../../../src/signing/filing.ts';
import { verifiedStatement } from '../../../src/signing/statement.ts';
import { TRUST, resealed } from '../../support/alteredEvidence.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_HASH,
  CAPSULE_KEY,
  LEDGER_ORIGIN,
  entryFor,
  proofFor,
  sealedRun,
} from '../../support/sealedRun.ts';
import { signedChain } from '../../support/signedKinds.ts';
import { envelopeDigest, signedFields } from '../../../src/signing/dsse.ts';

const { publicKey } = CAPSULE_KEY;
const KINDS = Object.keys(STATEMENT_KINDS) as SignedKind[];
const { envelopes } = signedChain(LEDGER_ORIGIN);

function throws(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

/** Every place that takes a signed envelope, by the kind that it is for. */
const VERIFIERS: readonly [string, SignedKind, (envelope: DsseEnvelope) => boolean][] = [
  ...KINDS.map((kind): (typeof VERIFIERS)[number] => [
    `an entry of the ledger of the kind ${kind}`,
    kind,
    (envelope) => !throws(() => openFiling(kind, { envelope, publicKey, manifest: CAPSULE_BYTES })),
  ]),
  ...KINDS.map((kind): (typeof VERIFIERS)[number] => [
    `a reader of ${STATEMENT_KINDS[kind].name}`,
    kind,
    (envelope) =>
      !throws(() => verifiedStatement<unknown>(STATEMENT_KINDS[kind], envelope, publicKey)),
  ]),
  [
    'an agent',
    'pack',
    (envelope) => {
      const trust = { publicKey, capsuleHash: CAPSULE_HASH, verify: true };
      return new ManifestCheck(trust).payload(
        encodeManifestPayload({ bytes: CAPSULE_BYTES, envelope }),
      ).intact;
    },
  ],
  [
    'oai-verify-sim, as the signature of the Capsule',
    'pack',
    (envelope) => {
      const file = resealed((root) => {
        const { predicate } = root as EvidenceStatement;
        predicate.meshsim_evidence.capsule.envelope = envelope;
        predicate.meshsim_evidence.links = [
          { rel: 'capsule-pack', digest: { sha256: envelopeDigest(envelope) } },
        ];
      });
      return verifyCapsim(file, TRUST).verdict === 'verified';
    },
  ],
  [
    'oai-verify-sim, as the evidence',
    'sim-result',
    (envelope) => {
      const entry = { ...entryFor(sealedRun()), ...signedFields(envelope, publicKey) };
      const own = signedChain(LEDGER_ORIGIN).entries['sim-result'].entry;
      const leaf = envelope === envelopes['sim-result'] ? own : entry;
      return verifyCapsim(writeCapsim(envelope, proofFor(leaf)), TRUST).verdict === 'verified';
    },
  ],
];

describe('a signed statement', () => {
  for (const [name, wanted, accepts] of VERIFIERS) {
    it(`is taken by ${name} when it is of the kind ${wanted}, and never else`, () => {
      assert.deepEqual(
        KINDS.filter((kind) => accepts(envelopes[kind])),
        [wanted],
      );
    });
  }
});

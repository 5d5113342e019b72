import { decisionStatement, deployStatement } from '../../src/deploy/statements.ts';
import type { DsseEnvelope } from '../../src/model/dsse.ts';
import type { SignedKind } from '../../src/model/ledgerEntry.ts';
import { PACK, packStatementOf } from '../../src/model/packStatement.ts';
import { DEPLOY, GATE_DECISION } from '../../src/model/statementKinds.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import { envelopeDigest } from '../../src/signing/dsse.ts';
import { FiledEntry } from '../../src/signing/filing.ts';
import { signStatement } from '../../src/signing/statement.ts';
import { CAPSULE_BYTES, CAPSULE_HASH, CAPSULE_KEY, MANIFEST, sealedRun } from './sealedRun.ts';

/** Every kind of statement the Capsule key signs, all about one Capsule, and each resting on the one before it. */
export interface SignedChain {
  readonly envelopes: Readonly<Record<SignedKind, DsseEnvelope>>;
  readonly entries: Readonly<Record<SignedKind, FiledEntry>>;
}

const { publicKey } = CAPSULE_KEY;

/** @param number tells one chain of a ledger from another */
export function signedChain(ledger: string, number = 0): SignedChain {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 10, number, second)).toISOString();
  const simId = `7b0c1f6e-2b9f-4a51-9d3e-${sha256Hex(Buffer.from(`${ledger} ${number}`)).slice(0, 12)}`;
  const run = { invocationId: simId, finishedOn: at(1), ledger };
  const pack = signStatement(PACK, packStatementOf(CAPSULE_HASH, MANIFEST, run), CAPSULE_KEY);
  const outcome = number % 2 === 0 ? ('pass' as const) : ('fail' as const);
  const result = sealedRun({ simId, outcome, packEnvelope: pack }).envelope;
  const about = { environment: 'production', capsuleHash: CAPSULE_HASH };
  const gate = signStatement(
    GATE_DECISION,
    decisionStatement(
      {
        ...about,
        decision: outcome === 'pass' ? 'allow' : 'deny',
        decidedAt: at(3),
        rules: [],
        evidence: { simId, digest: envelopeDigest(result) },
      },
      undefined,
      ledger,
    ),
    CAPSULE_KEY,
  );
  const decision = envelopeDigest(gate);
  const deploy = signStatement(
    DEPLOY,
    deployStatement(
      {
        ...about,
        target: 'directory',
        status: 'deployed',
        decision,
        startedAt: at(4),
        endedAt: at(5),
        steps: [],
      },
      ledger,
    ),
    CAPSULE_KEY,
  );
  const envelopes = { pack, 'sim-result': result, 'gate-decision': gate, deploy };
  const times = { pack: at(1), 'sim-result': at(2), 'gate-decision': at(3), deploy: at(5) };
  const filed = (kind: SignedKind) =>
    FiledEntry.of(kind, times[kind], {
      envelope: envelopes[kind],
      publicKey,
      manifest: CAPSULE_BYTES,
    });
  return {
    envelopes,
    entries: {
      pack: filed('pack'),
      'sim-result': filed('sim-result'),
      'gate-decision': filed('gate-decision'),
      deploy: filed('deploy'),
    },
  };
}

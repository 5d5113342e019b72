import { MeshSimError } from '../base/errors.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import { PACK, packRunOf, type PackStatement } from '../model/packStatement.ts';
import { fingerprint } from '../signing/publicKey.ts';
import { verifiedStatement } from '../signing/statement.ts';
import type { UpgradeEvidence } from '../model/upgradeEvidence.ts';
import { whyUntrusted, type TrustedKey } from '../signing/trustedKeys.ts';
import type { Signer } from './signer.ts';

function refuse(problem: string): never {
  throw new MeshSimError('evidence-invalid', problem);
}

/** Undefined: the run had none. */
export function upgradeIn({ predicate }: EvidenceStatement): UpgradeEvidence | undefined {
  const evidence = predicate.meshsim_evidence;
  return 'upgrade' in evidence ? evidence.upgrade : undefined;
}

/** The key that the pack of the Capsule that ran before names and carries. That it is carried shows that the pack is intact, and makes nothing trusted. */
function packerOf({ from }: UpgradeEvidence): string {
  if (fingerprint(from.publicKey) === from.envelope.signatures[0]?.keyid) return from.publicKey;
  return refuse('The pack of the Capsule that ran before names one key and carries another.');
}

/** @param at when the key signed that pack, ISO 8601 */
function signerOf(
  publicKey: string,
  sha256: string,
  at: string,
  trusted: readonly TrustedKey[],
): Signer {
  const why = whyUntrusted(trusted, publicKey, Date.parse(at));
  const whose = why === undefined ? 'as its signature shows' : `which ${why}`;
  const sentence = `Upgraded from ${sha256}, packed and signed by ${fingerprint(publicKey)}, ${whose}.`;
  return { publicKey, isTrusted: why === undefined, sentence };
}

/**
 * The Capsule that ran before: a pack of that very Capsule, another one of the same product. Returns who signed it.
 * @throws MeshSimError `evidence-invalid` or `signature-invalid`
 */
export function checkBefore(
  statement: EvidenceStatement,
  pack: PackStatement,
  trustedKeys: readonly TrustedKey[],
): Signer {
  const upgrade = upgradeIn(statement);
  if (upgrade === undefined) return refuse('It tells of no upgrade.');
  const publicKey = packerOf(upgrade);
  const before = verifiedStatement(PACK, upgrade.from.envelope, publicKey).statement;
  const { sha256 } = upgrade.from.digest;
  if (before.subject[0]?.digest.sha256 !== sha256) {
    return refuse('The enclosed pack of the Capsule that ran before is of another Capsule.');
  }
  if (sha256 === statement.predicate.meshsim_evidence.result.capsuleHash) {
    return refuse('It was upgraded from the very Capsule that it was upgraded to.');
  }
  const [was, is] = [before, pack].map(({ predicate }) => {
    return predicate.buildDefinition.externalParameters.name;
  });
  if (was !== is) {
    return refuse(`It was upgraded from a Capsule of "${was}" to one of "${is}", another product.`);
  }
  // A pack of an earlier release does not say when it was made.
  const at = packRunOf(before)?.finishedOn ?? statement.predicate.meshsim_evidence.result.endedAt;
  return signerOf(publicKey, sha256, at, trustedKeys);
}

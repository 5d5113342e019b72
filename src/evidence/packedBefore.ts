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

/**
 * Whose key the pack of the Capsule that ran before is verified with: a trusted one that its envelope names, or that of the
 * evidence itself. As of an unknown signer of evidence, the embedded key shows that it is intact and makes nothing trusted.
 */
function packerOf(
  { from }: UpgradeEvidence,
  evidenceBy: Signer,
  trusted: readonly TrustedKey[],
): Pick<Signer, 'publicKey'> & { readonly isKnown: boolean } {
  const keyid = from.envelope.signatures[0]?.keyid ?? '';
  const keys = [...trusted.map(({ publicKey }) => publicKey), evidenceBy.publicKey];
  const known = keys.find((key) => fingerprint(key) === keyid);
  const publicKey = known ?? from.publicKey;
  if (fingerprint(publicKey) !== keyid || from.publicKey !== publicKey) {
    return refuse('The pack of the Capsule that ran before names one key and carries another.');
  }
  return { publicKey, isKnown: known !== undefined };
}

/** That key as of the time at which the pack says it was made; one of an earlier release, which does not say it: when the run ended. */
function signerOf(
  publicKey: string,
  isKnown: boolean,
  { sha256, at }: { readonly sha256: string; readonly at: string },
  trusted: readonly TrustedKey[],
): Signer {
  const why = whyUntrusted(trusted, publicKey, Date.parse(at));
  const isOutOfTime = why !== undefined && trusted.some((key) => key.publicKey === publicKey);
  const whose = isOutOfTime || !isKnown ? `which ${why ?? ''}` : 'as its signature shows';
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
  evidenceBy: Signer,
  trustedKeys: readonly TrustedKey[],
): Signer {
  const upgrade = upgradeIn(statement);
  if (upgrade === undefined) return refuse('It tells of no upgrade.');
  const packer = packerOf(upgrade, evidenceBy, trustedKeys);
  const before = verifiedStatement(PACK, upgrade.from.envelope, packer.publicKey).statement;
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
  const at = packRunOf(before)?.finishedOn ?? statement.predicate.meshsim_evidence.result.endedAt;
  return signerOf(packer.publicKey, packer.isKnown, { sha256, at }, trustedKeys);
}

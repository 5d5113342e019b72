import type { Capsule } from '../model/capsule.ts';
import type { DsseEnvelope } from '../model/dsse.ts';
import { PACK, packStatementOf, type PackRun } from '../model/packStatement.ts';
import type { SigningKey } from '../signing/keys.ts';
import { signStatement } from '../signing/statement.ts';

/** The statement that a Capsule was packed, signed. @param run undefined: as releases before runs were named signed it */
export function signPack(
  { capsuleHash, manifest }: Capsule,
  run: PackRun | undefined,
  key: SigningKey,
): DsseEnvelope {
  return signStatement(PACK, packStatementOf(capsuleHash, manifest, run), key);
}

import { messageOf } from '../../base/errors.ts';
import type { Capsule } from '../../model/capsule.ts';
import { namedPaths } from '../signedFiles.ts';
import type { DeployTarget, TargetContext } from './deployTarget.ts';

export interface EarlierRelease {
  readonly capsuleHash: string;
  /** Something has its name in the target. */
  readonly isThere: boolean;
  readonly load: TargetContext['load'];
}

/**
 * Sees that the release to go back to is what was signed, and lays it out anew where it is not. Another workspace may have deployed
 * it: then nothing here can be compared with it, and it is better than none. Resolves to what there is to say of it, after a
 * sentence.
 */
export async function makeReady(
  target: DeployTarget,
  { capsuleHash, isThere, load }: EarlierRelease,
  signal: AbortSignal,
): Promise<string> {
  let capsule: Capsule;
  try {
    capsule = await load(capsuleHash);
  } catch (error) {
    if (!isThere) throw error;
    return ` Its release is used as it was found there, not compared with what was signed: ${messageOf(error)}`;
  }
  const altered = isThere ? ((await target.altered(capsule, signal)) ?? []) : [];
  if (isThere && altered.length === 0) return '';
  await target.materialise(capsule, signal);
  await target.prepare(capsuleHash, signal);
  return isThere
    ? ` Its release was altered (${namedPaths(altered)}) and is laid out anew.`
    : ' Its release was gone and is laid out anew.';
}

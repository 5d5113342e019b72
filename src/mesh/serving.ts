import { hasBit } from './bits.ts';
import { sendHave } from './messages.ts';
import type { NodeContext } from './nodeContext.ts';
import { MANIFEST_ITEM, type Peer } from './peer.ts';
import type { Pushing } from './pushing.ts';

/** A pull: serves what is held of it, and says what is held when that is not all. `bits`: the chunks wanted. */
export function servePull(
  { content, io }: NodeContext,
  pushing: Pushing,
  peer: Peer,
  manifest: boolean,
  bits: Uint32Array | null,
): void {
  let all = content.hasManifest;
  if (content.hasManifest && (manifest || !peer.hasManifest)) {
    if (manifest) peer.hasManifest = false;
    pushing.offer(peer, MANIFEST_ITEM);
  }
  for (let chunk = 0; bits !== null && chunk < content.chunkCount; chunk++) {
    if (!hasBit(bits, chunk)) continue;
    if (content.hasManifest && content.holds(chunk)) pushing.offer(peer, chunk);
    else all = false;
  }
  if (all) return;
  sendHave(io, peer.index, content.hasManifest, content.bitsToTell());
}

/** A neighbour whose other links are late wants one of `chunks`: `from`, or else the next lower one that is held. */
export function lend(
  { content }: NodeContext,
  pushing: Pushing,
  peer: Peer,
  chunks: Uint32Array | null,
  from: number,
): void {
  if (chunks === null || !content.hasManifest || !pushing.isIdle(peer)) return;
  const { chunkCount } = content;
  for (let step = 0; step < chunkCount; step++) {
    const chunk = (from - step + chunkCount) % chunkCount;
    if (!hasBit(chunks, chunk) || !content.holds(chunk)) continue;
    pushing.lend(peer, chunk);
    return;
  }
}

import { MESSAGE } from '../../mesh/io.ts';
import { ALTERED, DAMAGED } from './eventPool.ts';
import type { VirtualNode } from './virtualNode.ts';

/** Chunks a node keeps that came before its manifest. */
const STASHED_CHUNKS = 64;

/** A chunk as it reaches a node. */
export interface ArrivedChunk {
  readonly from: number;
  readonly sequence: number;
  readonly chunk: number;
  readonly session: number;
  /** Of its sender: see messages.ts. */
  readonly marks: number;
  /** Of the event pool: what happened to it on its way. */
  readonly flags: number;
}

/**
 * Stands for the signature and the digests: content has no bytes in the virtual world, so flags say whether a node would
 * find what reaches it to be what was signed.
 */
export class ContentIntake {
  readonly #verify: boolean;

  /** @param verify nodes check the manifest's signature */
  constructor(verify: boolean) {
    this.#verify = verify;
  }

  takeManifest(node: VirtualNode, from: number, a: number, c: number, flags: number): void {
    const altered = (flags & ALTERED) !== 0;
    const intact = !altered || !this.#verify;
    const had = node.protocol?.hasManifest === true;
    // What was let in unverified is what the node now holds for signed.
    if (altered && intact && !had) node.tainted = true;
    node.protocol?.onMessage(from, MESSAGE.manifest, a, 0, c, 0, null, intact);
    if (node.protocol?.hasManifest !== true) node.tainted = false;
    else if (!had) this.#replayStash(node);
  }

  takeChunk(
    node: VirtualNode,
    from: number,
    sequence: number,
    chunk: number,
    session: number,
    marks: number,
    flags: number,
  ): void {
    if (node.protocol?.hasManifest !== true) {
      node.stash ??= [];
      if (node.stash.length >= STASHED_CHUNKS) return;
      node.stash.push({ from, sequence, chunk, session, marks, flags });
      return;
    }
    // A chunk is good when it is in the list of the manifest this node holds.
    const altered = (flags & ALTERED) !== 0;
    const intact = (flags & DAMAGED) === 0 && altered === node.tainted;
    const have = node.protocol.have;
    node.protocol.onMessage(from, MESSAGE.chunk, sequence, chunk, session, marks, null, intact);
    if (!intact && node.protocol.have > have) {
      (node.badHeld ??= new Set()).add(chunk);
    }
  }

  #replayStash(node: VirtualNode): void {
    const stash = node.stash ?? [];
    node.stash = null;
    for (const { from, sequence, chunk, session, marks, flags } of stash) {
      if (node.isUp) this.takeChunk(node, from, sequence, chunk, session, marks, flags);
    }
  }
}

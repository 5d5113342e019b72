import { messageOf, MeshSimError } from '../base/errors.ts';
import { capsuleFrom } from '../capsule/load.ts';
import type { Capsule } from '../model/capsule.ts';
import { PACK, packRunOf, packStatementOf } from '../model/packStatement.ts';
import { canonicalBytes } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';
import { verifiedStatement } from '../signing/statement.ts';
import { decodeManifestPayload, type SignedManifest } from './manifestPayload.ts';

/** Verdicts kept: a hostile peer may send ever new bytes. */
const MAX_VERDICTS = 64;

export interface Trust {
  readonly publicKey: string;
  readonly capsuleHash: string;
  /** False only when the plan switched verification off. */
  readonly verify: boolean;
}

export type ManifestVerdict =
  | { readonly intact: true; readonly capsule: Capsule }
  /** `digest`: SHA-256 of the refused payload. */
  | { readonly intact: false; readonly digest: string; readonly sentence: string };

/** Decides about manifests; equal bytes are verified once, however many neighbours send them. */
export class ManifestCheck {
  readonly #trust: Trust;
  readonly #verdicts = new Map<string, ManifestVerdict>();

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  payload(payload: Buffer): ManifestVerdict {
    const key = sha256Hex(payload);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    // The capsule keeps the bytes; the payload's memory is the socket's.
    const signed = decodeManifestPayload(Buffer.from(payload));
    const verdict =
      signed === null ? refusal(key, 'it is not a manifest') : this.#decide(signed, key);
    if (this.#verdicts.size < MAX_VERDICTS) this.#verdicts.set(key, verdict);
    return verdict;
  }

  #decide(signed: SignedManifest, digest: string): ManifestVerdict {
    try {
      if (!this.#trust.verify) return { intact: true, capsule: capsuleFrom(signed.bytes) };
      return { intact: true, capsule: signedCapsule(signed, this.#trust) };
    } catch (error) {
      return refusal(digest, messageOf(error));
    }
  }
}

function refusal(digest: string, sentence: string): ManifestVerdict {
  return { intact: false, digest, sentence };
}

/**
 * The rules in their order: the pinned key signed a pack, and no other kind of statement; its subject is these very bytes; they
 * are the Capsule of this rehearsal, so that an older one that was signed as well cannot take its place; and the pack says of
 * them what they say themselves.
 */
function signedCapsule({ bytes, envelope }: SignedManifest, trust: Trust): Capsule {
  const { statement } = verifiedStatement(PACK, envelope, trust.publicKey);
  const digest = sha256Hex(bytes);
  if (statement.subject[0]?.digest.sha256 !== digest) {
    return refuse(
      `signature mismatch: the signed statement is about another Capsule than ${digest.slice(0, 12)}`,
    );
  }
  if (digest !== trust.capsuleHash) {
    return refuse(
      `the Capsule ${digest.slice(0, 12)} is signed, but this rehearsal is about ${trust.capsuleHash.slice(0, 12)}`,
    );
  }
  const capsule = capsuleFrom(bytes);
  const again = packStatementOf(digest, capsule.manifest, packRunOf(statement));
  return Buffer.compare(canonicalBytes(statement), canonicalBytes(again)) === 0
    ? capsule
    : refuse('the signed pack does not say what the manifest says');
}

function refuse(problem: string): never {
  throw new MeshSimError('signature-invalid', problem);
}

import { messageOf, MeshSimError } from '../base/errors.ts';
import { capsuleFrom } from '../capsule/load.ts';
import { DSSE_PAYLOAD_TYPE } from '../model/dsse.ts';
import type { Capsule } from '../model/capsule.ts';
import { parseCanonical } from '../signing/canonicalJson.ts';
import { sha256Hex } from '../signing/digest.ts';
import { verifyEnvelope } from '../signing/dsse.ts';
import { decodeManifestPayload, type SignedManifest } from './manifestPayload.ts';

/** Verdicts kept: a hostile peer may send ever new bytes. */
const MAX_VERDICTS = 64;
const MAX_STATEMENT_BYTES = 4 * 1024 * 1024;

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
      if (this.#trust.verify) checkSignature(signed, this.#trust);
      return { intact: true, capsule: capsuleFrom(signed.bytes) };
    } catch (error) {
      return refusal(digest, messageOf(error));
    }
  }
}

function refusal(digest: string, sentence: string): ManifestVerdict {
  return { intact: false, digest, sentence };
}

/**
 * The rules in their order: the pinned key signed the statement; its subject is these very bytes; and they are the
 * Capsule of this rehearsal, so that an older one that was signed as well cannot take its place.
 */
function checkSignature({ bytes, envelope }: SignedManifest, trust: Trust): void {
  const statement = verifyEnvelope(envelope, trust.publicKey, DSSE_PAYLOAD_TYPE);
  const digest = sha256Hex(bytes);
  if (subjectDigest(statement) !== digest) {
    throw new MeshSimError(
      'signature-invalid',
      `signature mismatch: the signed statement is about another Capsule than ${digest.slice(0, 12)}`,
    );
  }
  if (digest !== trust.capsuleHash) {
    throw new MeshSimError(
      'signature-invalid',
      `the Capsule ${digest.slice(0, 12)} is signed, but this rehearsal is about ${trust.capsuleHash.slice(0, 12)}`,
    );
  }
}

function subjectDigest(statement: Uint8Array): unknown {
  const parsed = parseCanonical(statement, MAX_STATEMENT_BYTES) as {
    subject?: { digest?: { sha256?: unknown } }[];
  };
  return parsed.subject?.length === 1 ? parsed.subject[0]?.digest?.sha256 : undefined;
}

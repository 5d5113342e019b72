export interface UnpackLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  readonly maxDepth: number;
  readonly maxPathBytes: number;
}

export interface UnpackOptions {
  /** The archive's bytes, in order; how they are cut does not matter. */
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly archive: { readonly digest: string; readonly size: number };
  /** Must not exist; its parent folder must. */
  readonly target: string;
  readonly limits?: Partial<UnpackLimits>;
}

/** Resolves to the paths of the signed files (for `treeDigestOnDisk`). @throws MeshSimError `capsule-unsafe` | `disk-failed`. */
export function unpackArchive(_options: UnpackOptions): Promise<string[]> {
  return Promise.reject(new Error('not yet'));
}

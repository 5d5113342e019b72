/** Sorted by the bytes of their paths, which is neither the locale's order nor UTF-16's. */
export function inArchiveOrder<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  return entries
    .map((entry) => ({ entry, key: Buffer.from(entry.path) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
}

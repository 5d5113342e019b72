/** A small product as somebody has it, without a word about mesh-sim. */
export interface ForeignProduct {
  readonly files: Readonly<Record<string, string>>;
  /** Files that git ignores. */
  readonly ignored?: Readonly<Record<string, string>>;
  /** The services its registry has, by name, and by what they are started. */
  readonly starts: Readonly<Record<string, string>>;
  /** What a machine needs beside Node.js, for a rehearsal. */
  readonly needs?: readonly string[];
}

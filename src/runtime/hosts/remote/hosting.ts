/** The user's own program that starts a loader on a host, with its stdin and stdout here. */
export interface HostCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export interface Hosting {
  readonly simId: string;
  readonly nodeId: string;
  /** Of the keeper: SHA-256, hex. */
  readonly digest: string;
}

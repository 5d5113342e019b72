import type { MeshSimError } from '../../../base/errors.ts';
import type { ProgramEnd } from './hostFailure.ts';

/** The user's own program that starts a loader on a host, with its stdin and stdout here. */
export interface HostCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** What that program says on its stderr when it goes on without being a pipe: it is ended. */
  readonly surrender?: string;
}

export interface Hosting {
  readonly simId: string;
  readonly nodeId: string;
  /** Of the keeper: SHA-256, hex. */
  readonly digest: string;
  /** No node is there for longer, whatever happens to its orchestrator. ms */
  readonly mostMs: number;
}

/** Of a host that keeps a record of each node: what can be known and done beside the pipe. */
export interface HostRecord {
  /**
   * Looks again and again until the keeper is there.
   * @param onHopeless it never will be, and why
   */
  watch(onHopeless: (failure: MeshSimError) => void): void;
  unwatch(): void;
  /** Why there is no keeper yet. */
  pending(limitMs: number): Promise<MeshSimError>;
  failure(end: ProgramEnd): Promise<MeshSimError>;
  /** Of a node that nothing is heard of: why it is no more; undefined: it is still there, as far as can be seen. */
  ending(): Promise<MeshSimError | undefined>;
  /** The image that runs there, with its digest; undefined: it is not told. */
  image(): Promise<string | undefined>;
  /** Nothing of the node stays. False: there was nothing, so far. Whatever fails is swept later. */
  remove(): Promise<boolean>;
}

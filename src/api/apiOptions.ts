import { MeshSimError } from '../base/errors.ts';
import type { Studio } from '../studio/studio.ts';

export interface ApiOptions {
  /** Why nothing may be run here, one sentence, such as an untrusted workspace; undefined: all may. */
  readonly refusal: () => string | undefined;
  /** How long a stream may be silent before it says that it is still there; default 15 s, below what proxies cut off. */
  readonly heartbeatMs?: number;
}

export const HEARTBEAT_MS = 15_000;

/** What every route works on. */
export interface ApiContext extends ApiOptions {
  readonly studio: Studio;
}

/** @throws MeshSimError `workspace-untrusted` where nothing may be run */
export function assertMayRun({ refusal }: ApiContext): void {
  const sentence = refusal();
  if (sentence !== undefined) throw new MeshSimError('workspace-untrusted', sentence);
}

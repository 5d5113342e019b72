import { MeshSimError } from '../base/errors.ts';
import type { Studio } from '../studio/studio.ts';

export interface ApiOptions {
  /** Why nothing may be run here, one sentence, such as an untrusted workspace; undefined: all may. */
  readonly refusal: () => string | undefined;
}

/** What every route works on. */
export interface ApiContext extends ApiOptions {
  readonly studio: Studio;
}

/** @throws MeshSimError `workspace-untrusted` where nothing may be run */
export function assertMayRun({ refusal }: ApiContext): void {
  const sentence = refusal();
  if (sentence !== undefined) throw new MeshSimError('workspace-untrusted', sentence);
}

import { MeshSimError } from '../base/errors.ts';
import type { ErrorCode } from '../base/errors.ts';

/** Failures that lie in one service's source; a full disk or an interruption does not. */
const ABOUT_A_SERVICE: ReadonlySet<ErrorCode> = new Set([
  'not-a-repository',
  'unknown-commit',
  'path-outside',
  'registry-invalid',
  'capsule-unsafe',
  'git-failed',
] as const);

/** Puts the service's name in front of what went wrong with it. */
export async function naming<T>(service: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof MeshSimError) || !ABOUT_A_SERVICE.has(error.code)) throw error;
    throw new MeshSimError(error.code, `Service "${service}": ${error.message}`, {
      cause: error,
    });
  }
}

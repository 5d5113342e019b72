import { execFile } from 'node:child_process';

/** A cluster that does not answer within it is not waited for. */
const REQUEST_LIMIT_S = 10;
/** The program itself may take long to start on a busy machine, or to ask somebody for a token. ms */
const LIMIT_MS = 20_000;
const MOST_BYTES = 16 * 1024 * 1024;

export interface KubectlAnswer {
  /** null: it did not start, or did not end in time. */
  readonly code: number | null;
  readonly out: string;
  readonly words: string;
}

/** Asks the cluster once, with the user's own kubectl. */
export function kubectl(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<KubectlAnswer> {
  const options = {
    ...{ env: environment, timeout: LIMIT_MS, maxBuffer: MOST_BYTES, windowsHide: true },
    killSignal: 'SIGKILL' as const,
  };
  return new Promise((resolve) => {
    execFile(
      'kubectl',
      [`--request-timeout=${REQUEST_LIMIT_S}s`, ...args],
      options,
      (error, out, words) => {
        if (error === null) resolve({ code: 0, out, words });
        else if (typeof error.code === 'number') resolve({ code: error.code, out, words });
        else resolve({ code: null, out, words: `${error.message}\n${words}` });
      },
    );
  });
}

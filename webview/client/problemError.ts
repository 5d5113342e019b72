import type { Problem } from '../../src/model/api.ts';

/** The API's answer when it is not what was asked for; the sentence is for a person. */
export class ProblemError extends Error {
  readonly code: string;

  constructor({ code, detail }: Problem) {
    super(detail);
    this.code = code;
  }
}

type Answer = Pick<Response, 'ok' | 'status' | 'json'>;

/** @throws ProblemError where the answer is not what was asked for */
export async function checked<T extends Answer>(response: T): Promise<T> {
  if (response.ok) return response;
  throw new ProblemError(await problemIn(response));
}

/** Whoever answers in the server's place, such as a proxy, does not speak in problem details. */
async function problemIn(response: Answer): Promise<Problem> {
  const { status } = response;
  try {
    return (await response.json()) as Problem;
  } catch {
    const detail = `The Studio's server did not answer (status ${status}): open it again.`;
    return { type: 'about:blank', title: 'unreachable', status, detail, code: 'unreachable' };
  }
}

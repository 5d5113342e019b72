import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { MeshSimError, messageOf, type ErrorCode } from '../base/errors.ts';
import { machineFault } from '../base/machineFault.ts';
import type { Problem } from '../model/api.ts';

/** What is not listed is a request this workspace cannot do as it stands: 422. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'request-invalid': 400,
  'token-missing': 401,
  'request-foreign': 403,
  'workspace-untrusted': 403,
  'signer-untrusted': 403,
  'gate-refused': 403,
  'route-unknown': 404,
  'run-unknown': 404,
  'capture-missing': 404,
  'capsule-unknown': 404,
  'environment-unknown': 404,
  'deploy-unknown': 404,
  'exploration-unknown': 404,
  'run-busy': 409,
  'run-elsewhere': 409,
  'run-unfinished': 409,
  'ledger-locked': 409,
  'ledger-refused': 409,
  'deploy-busy': 409,
  'capsule-ambiguous': 409,
  'result-differs': 409,
  'body-too-large': 413,
  'evidence-too-large': 413,
  interrupted: 503,
  'machine-exhausted': 503,
  'disk-failed': 507,
  'agent-failed': 500,
  'emulator-failed': 500,
  'host-failed': 502,
  internal: 500,
};

export function statusOf(code: ErrorCode): ContentfulStatusCode {
  return STATUS[code] ?? 422;
}

export function problemOf(code: string, status: ContentfulStatusCode, detail: string): Problem {
  return { type: `urn:oursynth:mesh-sim:problem:${code}`, title: code, status, detail, code };
}

function answer(context: Context, problem: Problem): Response {
  return context.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
  });
}

/** Any thrown value as problem details (RFC 9457); `code` is the one the command line prints. */
export function problemResponse(error: unknown, context: Context): Response {
  if (error instanceof MeshSimError) {
    return answer(context, problemOf(error.code, statusOf(error.code), error.message));
  }
  if (error instanceof HTTPException) {
    return answer(context, problemOf('request-invalid', error.status, error.message));
  }
  const fault = machineFault(error);
  if (fault !== undefined) return problemResponse(fault, context);
  return answer(context, problemOf('internal', 500, messageOf(error)));
}

export function unknownRoute(context: Context): Response {
  const { method, path } = context.req;
  const unknown = new MeshSimError('route-unknown', `There is no ${method} ${path} here.`);
  return problemResponse(unknown, context);
}

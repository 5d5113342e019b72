import { printable } from './visibleText.ts';

/** Every failure a person can cause or meet has one code; scripts match on it, never on the sentence. */
export type ErrorCode =
  | 'usage'
  | 'registry-invalid'
  | 'source-invalid'
  | 'plan-invalid'
  | 'not-a-repository'
  | 'dirty-tree'
  | 'unknown-commit'
  | 'path-outside'
  | 'git-failed'
  | 'capsule-unknown'
  | 'capsule-ambiguous'
  | 'capsule-invalid'
  | 'capsule-unsafe'
  | 'object-missing'
  | 'object-corrupt'
  | 'not-canonical'
  | 'key-unreadable'
  | 'key-exposed'
  | 'key-invalid'
  | 'signature-invalid'
  | 'signer-untrusted'
  | 'evidence-invalid'
  | 'evidence-too-large'
  | 'policy-not-met'
  | 'ledger-broken'
  | 'ledger-locked'
  | 'ledger-refused'
  | 'run-unknown'
  | 'run-unfinished'
  | 'capture-missing'
  | 'run-busy'
  | 'run-elsewhere'
  | 'service-failed'
  | 'build-failed'
  | 'program-missing'
  | 'secret-missing'
  | 'secret-invalid'
  | 'secret-leak'
  | 'vault-locked'
  | 'vault-damaged'
  | 'vault-busy'
  | 'environments-invalid'
  | 'environment-unknown'
  | 'production-endpoint'
  | 'gate-refused'
  | 'deploy-busy'
  | 'deploy-failed'
  | 'deploy-unknown'
  | 'exploration-unknown'
  | 'port-unavailable'
  | 'agent-failed'
  | 'emulator-failed'
  | 'hosts-invalid'
  | 'host-failed'
  | 'disk-failed'
  | 'machine-exhausted'
  | 'request-invalid'
  | 'request-foreign'
  | 'token-missing'
  | 'route-unknown'
  | 'body-too-large'
  | 'idempotency-conflict'
  | 'result-differs'
  | 'workspace-untrusted'
  | 'interrupted'
  | 'internal';

export interface MeshSimErrorOptions {
  readonly cause?: unknown;
}

/**
 * One sentence that says what is wrong, where, and what to do; `code` is stable across versions. It often quotes names and
 * values of others: whatever it is shown on, they steer nothing there.
 */
export class MeshSimError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: MeshSimErrorOptions = {}) {
    super(printable(message), options);
    this.name = 'MeshSimError';
    this.code = code;
  }
}

/** The sentence of any thrown value, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ENOENT`, `ENOSPC`), or undefined. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

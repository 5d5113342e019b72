import { setTimeout as sleep } from 'node:timers/promises';
import { MeshSimError, messageOf } from '../base/errors.ts';
import type { HealthCheck } from '../model/environments.ts';
import type { Command } from '../model/registry.ts';
import type { ProgramEnd } from './runProgram.ts';

/** Runs a check's command in the active release, where that is. */
export type CheckRunner = (
  command: Command,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<ProgramEnd>;

/**
 * Tries every check until it passes, all at the same time. Resolves to one sentence.
 * @throws MeshSimError `deploy-failed` naming the first check that did not pass in time, and what it answered last
 */
export async function awaitHealthy(
  checks: readonly HealthCheck[],
  run: CheckRunner,
  signal: AbortSignal,
): Promise<string> {
  if (checks.length === 0) return 'No health checks are declared.';
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    await Promise.all(checks.map((check) => awaitOne(check, run, either)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return `${checks.length} health check${checks.length === 1 ? '' : 's'} passed.`;
}

async function awaitOne(check: HealthCheck, run: CheckRunner, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + check.deadlineMs;
  let told: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const left = Math.max(1, Math.ceil(deadline - performance.now()));
    const seen = await tryOnce(check, Math.min(check.timeoutMs, left), run, signal);
    if (seen === undefined) return;
    const now = performance.now();
    // A try that the deadline cut short says less than the one before it.
    if (now < deadline || left >= check.timeoutMs) told = seen;
    told ??= seen;
    if (now + check.intervalMs >= deadline) {
      throw new MeshSimError(
        'deploy-failed',
        `${nameOf(check)} did not pass within ${check.deadlineMs} ms: ${told}.`,
      );
    }
    await sleep(check.intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Undefined when it passed, else what was seen instead, on one line. */
async function tryOnce(
  check: HealthCheck,
  timeoutMs: number,
  run: CheckRunner,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    if ('command' in check) {
      const { code, words } = await run(check.command, timeoutMs, signal);
      return code === 0 ? undefined : `it ${words}`;
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(check.url, { signal: limit, redirect: 'manual' });
    // The status is the answer; an endless body must not hold the check.
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'TimeoutError') {
      return `it did not answer within ${timeoutMs} ms`;
    }
    const cause = error instanceof Error ? error.cause : undefined;
    const seen = cause instanceof Error && cause.message !== '' ? cause.message : messageOf(error);
    return seen.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  }
}

function nameOf(check: HealthCheck): string {
  if (check.name !== undefined) return `Health check "${check.name}"`;
  return 'url' in check ? `Health check ${check.url}` : 'The health command';
}

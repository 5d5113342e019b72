import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import * as z from 'zod/mini';
import { MeshSimError, messageOf, systemCode } from '../base/errors.ts';
import { readRegularText, writeAfresh } from '../base/regularFile.ts';

const ownerSchema = z.object({
  environment: z.string(),
  what: z.string(),
  since: z.string(),
  pid: z.int(),
  host: z.string(),
});
export type LockOwner = z.infer<typeof ownerSchema>;

/** A holder touches its lock; one untouched for this long died, and is taken over. */
const STALE_MS = 5_000;

/** @param what such as "the deploy of Capsule 3f9a21…" */
export function ownerOf(environment: string, what: string, since: string): LockOwner {
  return { environment, what, since, pid: process.pid, host: hostname() };
}

/** What a second deploy is told. */
export function busyError(environment: string, owner: LockOwner | undefined): MeshSimError {
  const first =
    owner === undefined
      ? 'another deploy'
      : `${owner.what} (process ${owner.pid} on ${owner.host}, since ${owner.since})`;
  return new MeshSimError(
    'deploy-busy',
    `${environment} is taken by ${first}: wait for it to end.`,
  );
}

export function parseOwner(text: string): LockOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * One deploy at a time: holds `folder`, which is created, until the returned function is called. A holder that died is
 * taken over after some seconds.
 * @throws MeshSimError `deploy-busy` naming who holds it; `deploy-failed` when there is no such folder and none can be made
 */
export async function lockFolder(folder: string, owner: LockOwner): Promise<() => Promise<void>> {
  const ownerFile = path.join(folder, '.deploy-owner.json');
  let release: (() => Promise<void>) | undefined;
  try {
    await mkdir(folder, { recursive: true });
    release = await lock(folder, {
      stale: STALE_MS,
      lockfilePath: path.join(folder, '.deploy.lock'),
      // Lost only when this process was suspended for long; the ledger then tells of both.
      onCompromised: () => undefined,
    });
    await writeAfresh(ownerFile, JSON.stringify(owner));
  } catch (error) {
    await release?.().catch(() => undefined);
    if (systemCode(error) !== 'ELOCKED') throw unusable(folder, owner.environment, error);
    const text = await readRegularText(ownerFile).catch(() => '');
    throw busyError(owner.environment, parseOwner(text));
  }
  return () => release().catch(() => undefined);
}

/** That a place cannot be written to, in one sentence. */
export function unusable(folder: string, environment: string, cause: unknown): MeshSimError {
  return new MeshSimError(
    'deploy-failed',
    `Nothing can be written to ${folder} for ${environment} (${messageOf(cause)}): check that every part of this path is a folder, that you may write there, and that the disk has space.`,
    { cause },
  );
}

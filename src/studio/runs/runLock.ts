import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { check, lock } from 'proper-lockfile';
import * as z from 'zod/mini';
import { diskFailure } from '../../base/diskFailure.ts';
import { MeshSimError, systemCode } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import { replaceFile } from '../../base/replaceFile.ts';
import type { RunPaths } from '../workspace/workspacePaths.ts';

const holderSchema = z.object({ pid: z.int().check(z.positive()), simId: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** A dead holder's lock expires after this long without a heartbeat. */
const STALE_MS = 5_000;
const RETRY_MS = 250;

/**
 * One run at a time per workspace: two rehearsals on one machine would disturb each other's timing, and their evidence
 * would say so. Returns the function that releases the lock.
 * @throws MeshSimError `run-busy` naming the run that holds it; `disk-failed` where nothing can be written
 */
export async function lockRuns(runsFolder: string, simId: string): Promise<() => Promise<void>> {
  await makeWritable(runsFolder);
  const holderFile = path.join(runsFolder, 'active.json');
  const holder = await readHolder(holderFile);
  // Only a lock whose owner is gone is worth waiting for: it goes stale by itself.
  const retries =
    holder !== undefined && !isAlive(holder.pid) ? Math.ceil((2 * STALE_MS) / RETRY_MS) : 0;
  try {
    const release = await lock(runsFolder, {
      stale: STALE_MS,
      lockfilePath: path.join(runsFolder, 'active.lock'),
      retries: { retries, minTimeout: RETRY_MS, maxTimeout: RETRY_MS },
      // Such as after the machine slept: then two runs disturb each other, which is better than ending this one.
      onCompromised: () => undefined,
    });
    await replaceFile(holderFile, JSON.stringify({ pid: process.pid, simId }));
    return release;
  } catch (error) {
    if (systemCode(error) !== 'ELOCKED') throw unstartable(runsFolder, error);
    const running = (await readHolder(holderFile))?.simId ?? 'of another process';
    throw new MeshSimError(
      'run-busy',
      `Simulation ${running} is running in this workspace: wait for it, or pass --concurrent and accept that the two disturb each other's timing.`,
    );
  }
}

/** Longer than a busy machine starves a process: a run is not to look abandoned while it goes on. */
const ABANDONED_MS = 10_000;
const TOUCH_MS = 2_000;

function ownerOptions(runFolder: string) {
  return { lockfilePath: path.join(runFolder, 'owner.lock'), stale: ABANDONED_MS };
}

/**
 * Does the work of a run while its folder tells other processes that the run has a living owner, see `isUnderWay`. The
 * mark ends with the work, and by itself soon after its process was killed.
 */
export async function whileOwned<T>(runFolder: string, work: () => Promise<T>): Promise<T> {
  await makeWritable(runFolder);
  const disown = await lock(runFolder, {
    ...ownerOptions(runFolder),
    update: TOUCH_MS,
    // The mark only informs: a run is not stopped because somebody removed it.
    onCompromised: () => undefined,
  }).catch((error: unknown) => {
    throw unstartable(runFolder, error);
  });
  try {
    return await work();
  } finally {
    await disown().catch(() => undefined);
  }
}

/** Whether a run goes on, in this process or another, and is still to be sealed: one that is held up is recorded as a whole. */
export async function isUnderWay({ folder, capsim }: RunPaths): Promise<boolean> {
  return (await hasLiveOwner(folder)) && !(await isThere(capsim));
}

/** Whether nodes of a run may be up, of one that is held up too. */
async function hasLiveOwner(runFolder: string): Promise<boolean> {
  try {
    return await check(runFolder, ownerOptions(runFolder));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unstartable(folder, error);
  }
}

function unstartable(folder: string, error: unknown): MeshSimError {
  return diskFailure(`No run was started: the folder ${folder} cannot be written`, error);
}

/** Whether the process of a run was killed: one that ends takes its mark away. */
export async function isAbandoned(runFolder: string): Promise<boolean> {
  const { lockfilePath } = ownerOptions(runFolder);
  return (await isThere(lockfilePath)) && !(await hasLiveOwner(runFolder));
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/** Removes the mark of an owner that is gone. */
export async function disownAbandoned(runFolder: string): Promise<void> {
  await rm(ownerOptions(runFolder).lockfilePath, { recursive: true, force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readRegularText(file)));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

import { watch, type FSWatcher } from 'node:fs';
import type { SSEStreamingApi } from 'hono/streaming';
import type { Notice } from '../model/api.ts';
import type { Studio } from '../studio/studio.ts';

const HEARTBEAT_MS = 15_000;

/** Streams what changed in the workspace, by this process or another, until the client goes. */
export async function streamNotices(stream: SSEStreamingApi, studio: Studio): Promise<void> {
  const pending = new Set<Notice['changed']>();
  let wake = (): void => undefined;
  const note = (changed: Notice['changed']): void => {
    pending.add(changed);
    wake();
  };
  const stopRuns = studio.simulations.onChange(() => {
    note('runs');
  });
  let watcher = watchLedger(studio, note);
  stream.onAbort(() => {
    wake();
  });
  try {
    await stream.write(': watching\n\n');
    while (!stream.aborted) {
      watcher ??= watchLedger(studio, note);
      if (pending.size === 0) {
        await untilWoken((resume) => (wake = resume));
        await stream.write(': awake\n\n');
      }
      for (const changed of [...pending]) {
        pending.delete(changed);
        const notice: Notice = { changed, running: studio.simulations.running() };
        await stream.writeSSE({ event: 'notice', data: JSON.stringify(notice) });
      }
    }
  } finally {
    stopRuns();
    watcher?.close();
  }
}

function untilWoken(arm: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const heartbeat = setTimeout(resolve, HEARTBEAT_MS);
    arm(() => {
      clearTimeout(heartbeat);
      resolve();
    });
  });
}

/** The checkpoint is replaced with every append, by whichever process. Undefined while there is no ledger. */
function watchLedger(studio: Studio, note: (changed: 'provenance') => void): FSWatcher | undefined {
  if (!studio.workspace.hasLedger()) return undefined;
  const watcher = watch(studio.workspace.paths.ledger, (_, file) => {
    if (file === 'checkpoint') note('provenance');
  });
  watcher.on('error', () => {
    watcher.close();
  });
  return watcher;
}

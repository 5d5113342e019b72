import type { SSEStreamingApi } from 'hono/streaming';
import type { Notice } from '../model/api.ts';
import type { Studio } from '../studio/studio.ts';
import { watchLedger } from '../studio/watchLedger.ts';

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
  const stopLedger = watchLedger(studio.workspace.paths, () => {
    note('provenance');
  });
  stream.onAbort(() => {
    wake();
  });
  try {
    await stream.write(': watching\n\n');
    while (!stream.aborted) {
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
    stopLedger();
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

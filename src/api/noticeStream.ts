import type { SSEStreamingApi } from 'hono/streaming';
import type { Notice } from '../model/api.ts';
import { watchExplorations, watchLedger } from '../studio/workspace/watchData.ts';
import { HEARTBEAT_MS, type ApiContext } from './apiOptions.ts';

/** Streams what changed in the workspace, by this process or another, until the client goes. */
export async function streamNotices(
  stream: SSEStreamingApi,
  { studio, heartbeatMs = HEARTBEAT_MS }: ApiContext,
): Promise<void> {
  const pending = new Set<Notice['changed']>();
  let wake = (): void => undefined;
  const note = (changed: Notice['changed']): void => {
    pending.add(changed);
    wake();
  };
  const stopRuns = studio.simulations.onChange(() => {
    note('runs');
  });
  const stopDeploys = studio.deploys.onChange(() => {
    note('provenance');
  });
  const stopLedger = watchLedger(studio.workspace.paths, () => {
    note('provenance');
  });
  const stopExplorations = watchExplorations(studio.workspace.paths, () => {
    note('runs');
  });
  stream.onAbort(() => {
    wake();
  });
  try {
    await stream.write(': watching\n\n');
    while (!stream.aborted) {
      if (pending.size === 0) {
        await untilWoken(heartbeatMs, (resume) => (wake = resume));
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
    stopDeploys();
    stopLedger();
    stopExplorations();
  }
}

function untilWoken(withinMs: number, arm: (resume: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const heartbeat = setTimeout(resolve, withinMs);
    arm(() => {
      clearTimeout(heartbeat);
      resolve();
    });
  });
}

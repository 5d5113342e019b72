import type * as vscode from 'vscode';

/** Resolves with the first defined answer: now, or after any firing of the event. mocha's limit ends the waiting. */
export async function until<T>(
  event: vscode.Event<unknown>,
  answer: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const fired = new Promise<void>((resolve) => {
      const subscription = event(() => {
        subscription.dispose();
        resolve();
      });
    });
    const found = await answer();
    if (found !== undefined) return found;
    await fired;
  }
}

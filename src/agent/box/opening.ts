import type { ChildProcess } from 'node:child_process';
import { refusalIn } from './hindrance.ts';

/** Something outside ended a part of a box: that says nothing about what the machine gives. */
export class BoxLost extends Error {}

export interface Opening {
  /** Why it never will be open; empty: it is. */
  readonly failure: string;
  /** Why it has no device for the wire; empty: it has. */
  readonly unwired: string;
}

/** Resolves once all is set up, or it is known why it never will be: whatever a machine refuses is said. @throws BoxLost */
export function untilOpen(child: ChildProcess): Promise<Opening> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      if (said.length < 1_000) said += bytes.toString();
    });
    child.stdin?.on('error', () => undefined);
    child.once('message', () => child.stdin?.end('open\n'));
    child.stdout?.once('data', (bytes: Buffer) => {
      const [, unwired] = /^open(.*)$/s.exec(bytes.toString()) ?? [];
      if (unwired === undefined) child.disconnect();
      else resolve({ failure: '', unwired: unwired.trim() });
    });
    child.once('error', ({ message }) => resolve({ failure: message, unwired: '' }));
    const exited = new Promise<NodeJS.Signals | null>((exit) => {
      child.once('exit', (_code, signal) => {
        // Whoever waits for the word keeps the outputs open.
        child.stdin?.end();
        exit(signal);
      });
    });
    // Not `close`: it does not come once the channel was let go of.
    child.stderr?.once('end', () => {
      void exited.then((signal) => {
        const failure = refusalIn(said, signal);
        if (failure === undefined) reject(new BoxLost());
        else resolve({ failure, unwired: '' });
      });
    });
  });
}

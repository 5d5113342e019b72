import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * `node delayedPipe.ts <ms> <program> [arguments]`: what is between this program's stdin and stdout and those of the other one takes so
 * long each way, whatever its rate, as a path of that length does.
 */
const [delay, program = '', ...args] = process.argv.slice(2);
const delayMs = Number(delay);

/** In order: each piece waits as long as the one before it at least. */
function carry(from: Readable, to: Writable): void {
  const waiting: { readonly at: number; readonly bytes: Buffer | null }[] = [];
  const give = () => {
    for (
      let [next] = waiting;
      next !== undefined && next.at <= performance.now();
      [next] = waiting
    ) {
      waiting.shift();
      if (next.bytes === null) to.end();
      else to.write(next.bytes);
    }
    const [next] = waiting;
    if (next !== undefined) setTimeout(give, Math.max(0, next.at - performance.now()));
  };
  const take = (bytes: Buffer | null) => {
    waiting.push({ at: performance.now() + delayMs, bytes });
    if (waiting.length === 1) setTimeout(give, delayMs);
  };
  from.on('data', take);
  from.on('end', () => take(null));
  to.on('error', () => from.destroy());
}

const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
carry(process.stdin, child.stdin);
carry(child.stdout, process.stdout);
child.on('error', () => process.exit(127));
// What it has said last is still on its way.
child.on('close', (code) => setTimeout(() => process.exit(code ?? 1), 2 * delayMs));

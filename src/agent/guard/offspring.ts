import children from 'node:child_process';
import workers, { SHARE_ENV, type WorkerOptions } from 'node:worker_threads';
import { binding } from './handles.ts';
import { GUARD_VARIABLE, guardedEnv } from './orders.ts';
import { ordersText, wrap } from './refusal.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Child processes and worker threads that are given an environment of their own are guarded all the same. */
export function guardOffspring(): void {
  wrap(children.ChildProcess.prototype, 'spawn', (spawn) => {
    return function (this: unknown, options) {
      return spawn.call(this, withGuardedPairs(options));
    };
  });
  // What execFileSync and its kin come to has no other place.
  const sync = binding('spawn_sync');
  if (sync !== undefined) {
    wrap(sync, 'spawn', (spawn) => {
      return function (this: unknown, options) {
        return spawn.call(this, withGuardedPairs(options));
      };
    });
  }
  wrap(process, 'execve', (execve) => {
    return function (this: unknown, file, args, env = process.env) {
      return execve.call(this, file, args, guarded(env as Env));
    };
  });
  workers.Worker = new Proxy(workers.Worker, {
    construct: (Worker, [file, options]: [unknown, WorkerOptions?], newTarget) =>
      Reflect.construct(Worker, [file, withGuardedEnv(options)], newTarget) as workers.Worker,
  });
}

function guarded<Given extends Env>(env: Given): Given {
  return ordersText === undefined ? env : guardedEnv(env, __filename, ordersText);
}

/** `envPairs`: an environment as `NAME=value`, as child_process hands it to the system. */
function withGuardedPairs(options: unknown): unknown {
  const { envPairs } = options as { readonly envPairs?: readonly string[] };
  if (envPairs === undefined) return options;
  const env = Object.fromEntries(
    envPairs.map((pair) => {
      const at = pair.indexOf('=', 1);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const pairs = Object.entries(guarded(env)).map(([name, value]) => `${name}=${value}`);
  return { ...(options as object), envPairs: pairs };
}

/**
 * A worker with an environment or options of its own reads NODE_OPTIONS once more, from that environment. Without any it
 * inherits what this thread was started with, hook included, but still reads its orders.
 */
function withGuardedEnv(options: WorkerOptions = {}): WorkerOptions {
  const { env, execArgv } = options;
  const isIntact = guarded(process.env).NODE_OPTIONS === process.env.NODE_OPTIONS;
  if (env === SHARE_ENV) {
    if (!isIntact || process.env[GUARD_VARIABLE] !== ordersText) {
      Object.assign(process.env, guarded({}));
    }
    return options;
  }
  if (env !== undefined) return { ...options, env: guarded(env as Env) };
  const isInherited = process.env[GUARD_VARIABLE] === ordersText;
  return isInherited && (isIntact || execArgv === undefined)
    ? options
    : { ...options, env: guarded(process.env) };
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../freePort.ts';
import { killProcess, processesInside } from '../processesInside.ts';
import { settingsJson, type Trust } from './settings.ts';
import { CURRENT, nodeOf, rootOf, type Edition } from './versions.ts';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const POLL_MS = 50;
/** A closed window keeps its extension host this long; the default is three hours. */
const GRACE_S = 3;
/** Unix sockets are made below the folder, and their paths may have 107 bytes. */
const LONGEST_FOLDER = 60;

export interface ServerOptions {
  /** From `serverFolder`: settings, extensions, logs and sockets of this server. */
  readonly folder: string;
  readonly trust: Trust;
  /**
   * `tests`: VS Code's server alone, with the driver that lets a window run a suite in its extension host. `people`:
   * code-server as its users start it, which also forwards ports.
   */
  readonly audience: 'tests' | 'people';
  /** Left out: the current one. */
  readonly edition?: Edition;
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface VscodeServer {
  readonly port: number;
  readonly folder: string;
  /** What the server printed. */
  log(): Promise<string>;
  /** Rejects when the server ends by itself. */
  readonly ended: Promise<never>;
  /** Ends it and all of its windows; returns ids of processes that had outlived it, after ending those too. */
  stop(): Promise<number[]>;
}

/** A new folder whose path is short enough for the server's sockets. */
export async function serverFolder(): Promise<string> {
  const root = tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir();
  return realpath(await mkdtemp(path.join(root, 'msv-')));
}

/** Starts VS Code's server on loopback and waits until it answers. */
export async function startServer(options: ServerOptions): Promise<VscodeServer> {
  const { folder, trust, edition = CURRENT, environment = {}, settings = {} } = options;
  await mkdir(path.join(folder, 'user/User'), { recursive: true });
  await mkdir(path.join(folder, 'extensions'), { recursive: true });
  await writeFile(path.join(folder, 'user/User/settings.json'), settingsJson(trust, settings));
  const port = await freePort();
  const logFile = path.join(folder, 'server.log');
  const output = openSync(logFile, 'w');
  const child = spawn(nodeOf(edition), commandOf(options, port), {
    // A group of its own, so that one signal reaches the server with all of its extension hosts.
    detached: true,
    stdio: ['ignore', output, output],
    env: {
      ...withoutEditor(process.env),
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      TMPDIR: folder,
      XDG_RUNTIME_DIR: folder,
      ...environment,
    },
  });
  closeSync(output);
  const killAll = (): void => signalGroup(child, 'SIGKILL');
  // An interrupted test run ends without stopping what it started.
  process.once('exit', killAll);
  child.once('exit', () => process.off('exit', killAll));
  const log = (): Promise<string> => readFile(logFile, 'utf8');
  const ended = endOf(child, log);
  ended.catch(() => undefined);
  const server = { port, folder, log, ended, stop: () => stop(child, folder) };
  try {
    await Promise.race([ended, untilAnswering(port, options.audience)]);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Installs a packaged extension for every window of the server that will run in `folder`. */
export async function installExtension(folder: string, vsix: string): Promise<void> {
  const child = spawn(
    nodeOf(CURRENT),
    [
      path.join(codeServerOf(CURRENT), 'out/node/entry.js'),
      ...['--user-data-dir', path.join(folder, 'user')],
      ...['--extensions-dir', path.join(folder, 'extensions')],
      ...['--install-extension', vsix],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder } },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (printed += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Installing ${vsix} failed with ${String(code)}: ${printed}`);
}

function codeServerOf(edition: Edition): string {
  return path.join(rootOf(edition), 'node_modules/code-server');
}

function commandOf(options: ServerOptions, port: number): string[] {
  const { audience, folder, trust, edition = CURRENT } = options;
  const common = [
    ...['--user-data-dir', path.join(folder, 'user')],
    ...['--extensions-dir', path.join(folder, 'extensions')],
    ...['--reconnection-grace-time', String(GRACE_S)],
    ...(trust === 'trusted' ? ['--disable-workspace-trust'] : []),
  ];
  const builtin = path.join(rootOf(edition), 'builtin');
  return audience === 'people'
    ? [
        path.join(codeServerOf(edition), 'out/node/entry.js'),
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
        ...['--disable-telemetry', '--disable-update-check'],
        ...['--vscode-option', `builtin-extensions-dir=${builtin}`],
        ...common,
      ]
    : [
        path.join(codeServerOf(edition), 'lib/vscode/out/server-main.js'),
        ...['--host', '127.0.0.1', '--port', String(port)],
        ...['--without-connection-token', '--accept-server-license-terms'],
        ...['--server-data-dir', path.join(folder, 'server'), '--telemetry-level', 'off'],
        ...['--builtin-extensions-dir', builtin, '--enable-smoke-test-driver'],
        ...common,
      ];
}

/** Tests may themselves be started in a terminal of VS Code, whose variables would reach into this server. */
function withoutEditor(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = ([name]: [string, unknown]) => !/^VSCODE_|^ELECTRON_|^NODE_OPTIONS$/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(isOurs));
}

async function endOf(child: ChildProcess, log: () => Promise<string>): Promise<never> {
  const reason = await Promise.race([
    once(child, 'exit').then(([code, signal]) => `ended with ${String(signal ?? code)}`),
    once(child, 'error').then(([error]) => `did not start: ${String(error)}`),
  ]);
  const tail = (await log()).slice(-800);
  throw new Error(`The VS Code server ${reason}. Its last words:\n${tail}`);
}

async function untilAnswering(port: number, audience: ServerOptions['audience']): Promise<void> {
  const address = `http://127.0.0.1:${port}${audience === 'people' ? '/healthz' : '/version'}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const isUp = await fetch(address)
      .then((response) => response.ok)
      .catch(() => false);
    if (isUp) return;
    await sleep(POLL_MS);
  }
  throw new Error(`The VS Code server did not answer on ${address} within ${START_LIMIT_MS} ms.`);
}

async function stop(child: ChildProcess, folder: string): Promise<number[]> {
  signalGroup(child, 'SIGTERM');
  if (child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child, 'exit'), sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
  }
  signalGroup(child, 'SIGKILL');
  const left = await outlivers(folder);
  left.forEach(killProcess);
  return left;
}

/** What still works inside the folder once a killed group has had time to leave the process table. */
async function outlivers(folder: string): Promise<number[]> {
  const deadline = Date.now() + STOP_LIMIT_MS;
  for (;;) {
    const left = processesInside(folder);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(POLL_MS);
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

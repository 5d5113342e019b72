import { devNull } from 'node:os';
import { execa, ExecaError } from 'execa';
import type { ResultPromise } from 'execa';
import { MeshSimError } from '../base/errors.ts';
import { machineFault } from '../base/machineFault.ts';

/**
 * `hermetic` reads content: no configuration of the user or the machine counts, so every machine reads the same.
 * `user` asks about the working tree, with the user's ignore rules and line endings, as their own `git status` would.
 */
export type GitWorld = 'hermetic' | 'user';

/** Where a repository is, for who must not look for it: git refuses to find one that belongs to another user. */
export interface GitPlace {
  readonly gitDir: string;
  /** Left out: it has none. */
  readonly workTree?: string;
}

export interface GitCall {
  readonly folder: string;
  /** Left out: git looks for the repository from the folder upwards. */
  readonly place?: GitPlace | undefined;
  readonly args: readonly string[];
  readonly world?: GitWorld;
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

const INHERITED = ['PATH', 'Path', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TEMP'];

/** Nothing else is inherited: GIT_DIR and its like (set inside git hooks) would send us to another repository. */
function environment(world: GitWorld): Record<string, string> {
  const inherited = INHERITED.map((name) => [name, process.env[name]] as const);
  return {
    ...Object.fromEntries(
      inherited.filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // A partial clone would otherwise fetch what is missing, object by object, in the middle of a pack.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    ...(world === 'hermetic' ? { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull } : {}),
  };
}

const GLOBAL_ARGS = [
  '--no-pager',
  '--no-replace-objects',
  '--no-optional-locks',
  '--literal-pathspecs',
];

interface BinaryOutput {
  readonly encoding: 'buffer';
  readonly stripFinalNewline: false;
  /** Complaints are always kept: they say what a failure was. */
  readonly buffer: { readonly stdout: boolean; readonly stderr: true };
}

/** Starts git; its stdout is for the caller to read, its end (or failure) is the returned promise. */
export function startGit(call: GitCall): ResultPromise<BinaryOutput> {
  return start(call, false);
}

function start(call: GitCall, buffer: boolean): ResultPromise<BinaryOutput> {
  return execa('git', [...GLOBAL_ARGS, '-C', call.folder, ...placeArgs(call), ...call.args], {
    env: environment(call.world ?? 'hermetic'),
    extendEnv: false,
    input: call.input ?? '',
    encoding: 'buffer',
    stripFinalNewline: false,
    buffer: { stdout: buffer, stderr: true },
    // Its timer would keep a finished command alive for five seconds; SIGTERM does end git.
    forceKillAfterDelay: false,
    ...(call.signal === undefined ? {} : { cancelSignal: call.signal }),
  });
}

function placeArgs({ place }: GitCall): string[] {
  if (place === undefined) return [];
  const { gitDir, workTree } = place;
  return [`--git-dir=${gitDir}`, ...(workTree === undefined ? [] : [`--work-tree=${workTree}`])];
}

/** Runs git to its end and returns what it printed. @throws MeshSimError as `gitFailure` says. */
export async function runGit(call: GitCall): Promise<Buffer> {
  try {
    return Buffer.from((await start(call, true)).stdout);
  } catch (error) {
    throw gitFailure(error, call);
  }
}

/** No path is longer, and a listing says some 60 bytes more of each. */
const MAX_RECORD_BYTES = 8 * 1024;

/**
 * Runs a git that prints records which end in a zero byte, and ends it at the first beyond `maxRecords`.
 * @throws MeshSimError `capsule-unsafe` for more records or an endless one, and as `gitFailure` says
 */
export async function runGitUpTo(call: GitCall, maxRecords: number): Promise<Buffer> {
  const git = startGit(call);
  const ended = git.then(
    () => undefined,
    (error: unknown) => gitFailure(error, call),
  );
  const parts: Buffer[] = [];
  let records = 0;
  let sinceRecord = 0;
  try {
    for await (const piece of git.stdout as AsyncIterable<Uint8Array>) {
      parts.push(Buffer.from(piece));
      for (let at = piece.indexOf(0); at >= 0; at = piece.indexOf(0, at + 1)) records += 1;
      const last = piece.lastIndexOf(0);
      sinceRecord = last < 0 ? sinceRecord + piece.length : piece.length - last - 1;
      if (records > maxRecords || sinceRecord > MAX_RECORD_BYTES) throw tooMany(maxRecords);
    }
  } catch (error) {
    git.kill();
    if (error instanceof MeshSimError) throw error;
    throw (await ended) ?? gitFailure(error, call);
  }
  const failure = await ended;
  if (failure !== undefined) throw failure;
  return Buffer.concat(parts);
}

function tooMany(maxRecords: number): MeshSimError {
  return new MeshSimError(
    'capsule-unsafe',
    `A service's folder holds more than ${maxRecords} files, or a path of many kilobytes, more than a Capsule carries: keep build outputs and data sets out of git.`,
  );
}

/** What git wrote to stderr in a failure, or '' when it never ran. */
export function gitComplaint(error: unknown): string {
  const cause = error instanceof MeshSimError ? error.cause : error;
  if (!(cause instanceof ExecaError)) return '';
  const { stderr } = cause as { stderr?: unknown };
  return stderr instanceof Uint8Array ? Buffer.from(stderr).toString('utf8').trim() : '';
}

/** What git says of a repository of another user, unless safe.directory names it. */
export function isRefusedForItsOwner(complaint: string): boolean {
  return complaint.includes('dubious ownership');
}

/** git says itself what its user would have to trust: the top of the working tree, or a bare repository. */
function refusedTop(complaint: string): string | undefined {
  return /--add safe\.directory (.+)$/m.exec(complaint)?.[1];
}

/** Gets every object that the remote has, in a clone that was made without some and in one that lost some. */
export function refetch(folder: string): string {
  return `git -C ${folder} fetch --refetch --no-filter`;
}

const MISSING_OBJECT = /promisor|not allowed|bad object|missing|unable to read|could not fetch/i;

/** One sentence for each way git fails: not installed, killed, cancelled, an incomplete clone, or its own last words. */
export function gitFailure(error: unknown, call: GitCall): MeshSimError {
  if (error instanceof MeshSimError) return error;
  const fail = (code: 'git-failed' | 'interrupted', text: string) =>
    new MeshSimError(code, text, { cause: error });
  const what = `git ${call.args[0] ?? ''} in ${call.folder}`;
  if (!(error instanceof ExecaError)) return fail('git-failed', `Could not run ${what}.`);
  if (error.isCanceled) return fail('interrupted', `Packing was interrupted during ${what}.`);
  if (error.code === 'ENOENT') {
    return fail('git-failed', 'Could not start git: install it and make sure it is on the PATH.');
  }
  const fault = machineFault(error);
  if (fault !== undefined) return fault;
  if (error.exitCode === undefined && error.signal === undefined) {
    return fail(
      'git-failed',
      `Could not start git (${error.code ?? error.shortMessage}): check it.`,
    );
  }
  if (error.signal !== undefined) {
    return fail('git-failed', `${what} was killed by ${error.signal}: run the command again.`);
  }
  const complaint = gitComplaint(error);
  const lastLine = complaint.split('\n').at(-1) ?? '';
  if (isRefusedForItsOwner(complaint)) {
    return fail(
      'git-failed',
      `git refuses ${call.folder} because it belongs to another user: make yourself its owner, or trust it with "git config --global --add safe.directory ${refusedTop(complaint) ?? call.folder}".`,
    );
  }
  if (MISSING_OBJECT.test(complaint)) {
    return fail(
      'git-failed',
      `The clone in ${call.folder} lacks objects that are needed (${lastLine}): get them with "${refetch(call.folder)}".`,
    );
  }
  return fail(
    'git-failed',
    `${what} failed with exit code ${error.exitCode ?? 'unknown'} (${lastLine || 'it said nothing'}): ` +
      'run "git fsck" there to see whether the repository is sound.',
  );
}

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, systemCode } from '../base/errors.ts';
import {
  gitComplaint,
  isRefusedForItsOwner,
  runGit,
  runGitUpTo,
  type GitCall,
  type GitPlace,
} from './git.ts';
import { parseTreeListing } from './gitTree.ts';
import type { TreeEntry } from './gitTree.ts';

/** A folder inside a git repository, read through plumbing commands that give the same answer on every machine. */
export class GitRepository {
  /** The folder the registry named; it need not be the repository's top. */
  readonly folder: string;
  /** Where that folder is below the top, '' or ending in '/'. */
  readonly #prefix: string;
  readonly #bare: boolean;
  /** Of a repository that belongs to somebody else, and that the user trusts. */
  readonly #place: GitPlace | undefined;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    { folder, place, signal }: Pick<GitCall, 'folder' | 'place' | 'signal'>,
    prefix: string,
    bare: boolean,
  ) {
    this.folder = folder;
    this.#place = place;
    this.#prefix = prefix;
    this.#bare = bare;
    this.#signal = signal;
  }

  /** Whether the folder is the top of its repository. */
  get isTop(): boolean {
    return this.#prefix === '';
  }

  /** Whether nothing of it is checked out. */
  get isBare(): boolean {
    return this.#bare;
  }

  /** A folder, given below the one that was named, as it is called from the repository's top; '.' is the top. */
  fromTop(folder: string): string {
    return path.posix.join(this.#prefix, folder).replace(/\/$/, '');
  }

  /** For calls of git that read content. */
  get where(): Pick<GitCall, 'folder' | 'place'> {
    return { folder: this.folder, place: this.#place };
  }

  /** @throws MeshSimError `not-a-repository` or `git-failed`. */
  static async open(folder: string, signal?: AbortSignal): Promise<GitRepository> {
    const real = await existing(folder);
    const args = ['rev-parse', '--is-bare-repository', '--show-object-format', '--show-prefix'];
    let place: GitPlace | undefined;
    const ask = async () => linesOf(await runGit({ folder: real, args, place, signal }));
    let answer: string[];
    try {
      answer = await ask();
    } catch (error) {
      const complaint = gitComplaint(error);
      if (complaint.includes('not a git repository')) throw noRepository(folder, error);
      if (!isRefusedForItsOwner(complaint)) throw error;
      place = await trustedPlace(real, signal);
      answer = await ask();
    }
    const [bare, format, prefix = ''] = answer;
    if (format !== 'sha1') {
      throw new MeshSimError(
        'git-failed',
        `The repository in ${folder} uses ${format ?? 'unknown'} object ids, and a Capsule names commits by SHA-1: convert it.`,
      );
    }
    return new GitRepository({ folder: real, place, signal }, prefix, bare === 'true');
  }

  /** The full id of the commit a revision names. @throws MeshSimError `unknown-commit`. */
  async resolveCommit(revision: string): Promise<string> {
    const args = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`];
    try {
      return (await this.#run(args)).toString('utf8').trim();
    } catch (error) {
      if (gitComplaint(error) === '') throw error;
      const advice =
        revision === 'HEAD'
          ? 'commit something first'
          : `check its spelling, or get it with "git -C ${this.folder} ${await this.#fetchOf(revision)}"`;
      throw new MeshSimError(
        'unknown-commit',
        `Commit "${revision}" does not exist in the repository ${this.folder}: ${advice}.`,
        { cause: error },
      );
    }
  }

  /** A clone without history has no older commit; servers give out a commit by its full id, branches and tags by name. */
  async #fetchOf(revision: string): Promise<string> {
    const isShallow = linesOf(await this.#run(['rev-parse', '--is-shallow-repository']))[0];
    if (isShallow === 'true') return 'fetch --unshallow --tags';
    return /^[0-9a-f]{40}$/.test(revision) ? `fetch origin ${revision}` : 'fetch --all --tags';
  }

  /**
   * The id of the tree that a folder has in a commit.
   * @throws MeshSimError `path-outside` when a symbolic link leads there, `registry-invalid` when there is no such folder.
   */
  async treeAt(commit: string, folder: string): Promise<string> {
    const full = this.fromTop(folder);
    if (full === '.') return this.#verified(`${commit}^{tree}`);
    const parts = full.split('/');
    const ancestors = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    const args = ['ls-tree', '-z', '-l', '--full-tree', commit, '--', ...ancestors];
    const found = parseTreeListing(await this.#run(args));
    const link = found.find(({ mode }) => mode === '120000');
    if (link !== undefined) {
      throw new MeshSimError(
        'path-outside',
        `Path "${folder}" goes through the symbolic link "${link.path}" in ${this.folder}: name the real folder.`,
      );
    }
    const tree = found.find((entry) => entry.path === full);
    if (tree?.type === 'tree') return tree.id;
    throw new MeshSimError(
      'registry-invalid',
      `There is no folder "${full}" in commit ${commit.slice(0, 12)} of ${this.folder}: correct the service's path, or commit the folder.`,
    );
  }

  /**
   * Files and links below a tree, at any depth, in git's order. git is ended as soon as it listed more than `maxEntries`: a
   * tree that holds itself many times over lists 10^8 paths from a few objects.
   * @throws MeshSimError `capsule-unsafe` for more entries
   */
  async listTree(tree: string, maxEntries: number): Promise<TreeEntry[]> {
    const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', tree];
    const call = { ...this.where, args, signal: this.#signal };
    return parseTreeListing(await runGitUpTo(call, maxEntries));
  }

  /**
   * Files whose working copy differs from HEAD, by their paths below a folder; those that are ignored do not count. A submodule counts when another
   * commit of it is checked out, whatever its own files are.
   */
  async changedFiles(folder: string): Promise<string[]> {
    if (this.#bare) return [];
    const listing = await runGit({
      folder: this.folder,
      // A mode that differs is how Windows and some network disks look, not a change of content.
      args: [
        ...['-c', 'core.fileMode=false', '-c', 'core.fsmonitor=false', 'status', '--porcelain=v1'],
        ...[
          '-z',
          '--no-renames',
          '--untracked-files=all',
          '--ignore-submodules=dirty',
          '--',
          folder,
        ],
      ],
      world: 'user',
      signal: this.#signal,
    });
    const STATUS_LETTERS_AND_SPACE = 3;
    const lines = listing.toString('utf8').split('\0').filter(Boolean);
    const top = this.fromTop(folder);
    return lines
      .map((line) => line.slice(STATUS_LETTERS_AND_SPACE))
      .map((file) => (top === '.' ? file : file.slice(top.length + 1)));
  }

  /** Whether a file of this folder is in the index: committed, or about to be. */
  async isTracked(file: string): Promise<boolean> {
    return (await this.#run(['ls-files', '-z', '--', file])).length > 0;
  }

  async #verified(spec: string): Promise<string> {
    const args = ['rev-parse', '--verify', '--end-of-options', spec];
    return (await this.#run(args)).toString('utf8').trim();
  }

  #run(args: readonly string[]): Promise<Buffer> {
    return runGit({ ...this.where, args, signal: this.#signal });
  }
}

/** Opens each folder once, however many ask for it. Rejects as `GitRepository.open`. */
export function repositoryOpener(signal?: AbortSignal): (folder: string) => Promise<GitRepository> {
  const opened = new Map<string, Promise<GitRepository>>();
  return (folder) => {
    const repository = opened.get(folder) ?? GitRepository.open(folder, signal);
    opened.set(folder, repository);
    return repository;
  };
}

function linesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\n');
}

/**
 * Where a repository of another user is, if safe.directory of the user's configuration trusts it: that is consent, and no
 * content. git itself judges it, with its own patterns; it is told the place from then on, so nothing else of that configuration counts.
 * @throws MeshSimError `git-failed` when it is not trusted
 */
async function trustedPlace(folder: string, signal?: AbortSignal): Promise<GitPlace> {
  const ask = async (...args: string[]) =>
    linesOf(await runGit({ folder, args: ['rev-parse', ...args], world: 'user', signal }));
  const [gitDir = '', bare] = await ask('--absolute-git-dir', '--is-bare-repository');
  if (bare === 'true') return { gitDir };
  const [workTree = ''] = await ask('--show-toplevel');
  return { gitDir, workTree };
}

async function existing(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw noRepository(folder, error);
    throw error;
  }
}

function noRepository(folder: string, cause: unknown): MeshSimError {
  return new MeshSimError(
    'not-a-repository',
    `${folder} is not in a git repository: correct the service's "repo", or run "git init" and commit there.`,
    { cause },
  );
}

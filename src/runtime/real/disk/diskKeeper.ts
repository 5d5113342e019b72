import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A keeper whose stdin was closed ends at once. */
const CLOSE_LIMIT_MS = 1_000;

/**
 * Keeps the mounts of a node's disk; arguments are mount(8) and the node's folder. One file system in memory holds both folders, so
 * that they share its room; its size at first is half of the machine's memory, see tmpfs(5). Each line it reads is a size, and is answered by
 * `resized` or by what mount has to say. It ends, and the mounts with it once nothing runs inside, when nobody can write to it any more.
 */
const KEEP = `mount=$1 folder=$2 disk=$2/disk
set -f
"$mount" -n -t tmpfs -o mode=755 mesh-sim "$disk" || exit
for name in services state; do
  mkdir "$disk/$name" && "$mount" -n --bind "$disk/$name" "$folder/$name" || exit
done
: a disk that holds nothing could not be filled: a size of 0 is no limit
echo mesh-sim >"$disk/about"
echo open
while read -r size; do
  said=$("$mount" -n -o "remount,size=$size" "$disk" 2>&1) && said=resized
  echo $said
done
`;

/** The process in whose namespaces a node's disk is mounted. Its user may change the disk's size, what runs inside may not. */
export class DiskKeeper {
  /** An empty text once the disk is there, else why it never will be. */
  readonly opened: Promise<string>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting: ((answer: string) => void)[] = [];
  #said = '';
  #isGone = false;

  /** `unshare`: the command that makes namespaces, up to what it is to execute. */
  constructor(unshare: readonly string[], mount: string, folder: string) {
    const [file = '', ...args] = unshare;
    // Whoever looks for processes of this node by its folder is not to find this one: it is of the run.
    this.#child = spawn(file, [...args, '/bin/sh', '-c', KEEP, 'sh', mount, folder], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.opened = this.#next().then((answer) => (answer === 'open' ? '' : answer));
    this.#ended = this.#watch();
  }

  /** A process whose entries in /proc show the namespaces. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** An empty text once the disk has this size, else why not. */
  async resize(bytes: number): Promise<string> {
    if (this.#isGone) return 'its keeper was ended from outside';
    const answer = this.#next();
    this.#child.stdin?.write(`${bytes}\n`);
    const said = await answer;
    return said === 'resized' ? '' : said;
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_LIMIT_MS);
    await this.#ended;
    clearTimeout(force);
  }

  #next(): Promise<string> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #watch(): Promise<void> {
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => undefined);
    stderr?.on('data', (bytes: Buffer) => {
      if (this.#said.length < 1_000) this.#said += bytes.toString();
    });
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    }
    return new Promise((resolve) => {
      const end = (why: string) => {
        this.#isGone = true;
        for (const answer of this.#waiting.splice(0)) answer(why);
        resolve();
      };
      this.#child.once('error', ({ message }) => end(message));
      this.#child.once('close', () => {
        const words = this.#said.trim().replaceAll('\n', ', ');
        end(words === '' ? 'its keeper was ended from outside' : words);
      });
    });
  }
}

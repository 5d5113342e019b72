import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import { shellWord } from '../../base/shellWord.ts';
import type { Capsule } from '../../model/capsule.ts';
import type { Hook, TargetOf } from '../../model/environments.ts';
import { laidOutTrees } from '../../model/laidOutTrees.ts';
import { sha256Hex } from '../../signing/digest.ts';
import { busyError, parseOwner, type LockOwner } from '../environmentLock.ts';
import type { CheckRunner } from '../healthChecks.ts';
import { MANIFEST_FILE, archiveOf, linksTo, unpackRelease } from '../release.ts';
import { signedFiles } from '../signedFiles.ts';
import {
  RELEASE_IS_AS_SIGNED,
  hookFacts,
  type Action,
  type Active,
  type DeployTarget,
  type TargetContext,
} from './deployTarget.ts';
import { makeReady } from './earlierRelease.ts';
import { alteredIn, compareList, compareScript } from './remoteFiles.ts';
import { SshSession, shellWords, type RemoteScript } from './sshSession.ts';

const HASH = /^[0-9a-f]{64}$/;
/** Of the lock script, when somebody else has it. */
const TAKEN = 75;
/** The answer among whatever else a login prints: the state, and where `current` leads. */
const ACTIVE = /^active:(settled|unsettled|removed|elsewhere):(.*)$/;

/** The same folders as a directory target, on another machine; nothing but a POSIX shell, tar and ssh is needed there. */
export class SshTarget implements DeployTarget {
  readonly activeMeans = RELEASE_IS_AS_SIGNED;
  readonly #target: TargetOf<'ssh'>;
  readonly #context: TargetContext;
  readonly #ssh: SshSession;

  constructor(target: TargetOf<'ssh'>, context: TargetContext) {
    this.#target = target;
    this.#context = context;
    const { host, port, options } = target;
    const { env, folder, onLine, redactor } = context;
    this.#ssh = new SshSession({ host, port, options, env, folder, onLine, redactor });
  }

  async lock(owner: LockOwner): Promise<() => Promise<void>> {
    const lock = this.#path('.deploy.lock');
    const script = `mkdir -p ${this.#root} && if mkdir ${lock} 2>/dev/null; then printf %s ${shellWord(JSON.stringify(owner))} > ${lock}/owner; else cat ${lock}/owner; exit ${TAKEN}; fi`;
    const signal = new AbortController().signal;
    const end = await this.#ssh.run({ script, signal, isQuiet: true });
    if (end.code === TAKEN) {
      const busy = busyError(owner.environment, parseOwner(end.lines.join('')));
      throw new MeshSimError(
        'deploy-busy',
        `${busy.message} If it died, remove ${this.#target.path}/.deploy.lock on ${this.#target.host}.`,
      );
    }
    if (end.code !== 0) {
      throw new MeshSimError(
        'deploy-failed',
        `${this.#target.path} on ${this.#target.host} cannot be used: ${end.lines.at(-1) ?? end.words}.`,
      );
    }
    return async () => {
      await this.#ssh.run({ script: `rm -rf ${lock}`, signal, isQuiet: true });
    };
  }

  async active(signal: AbortSignal): Promise<Active> {
    const current = this.#path('current');
    const script = [
      'state=settled; link=',
      `if [ -L ${current} ]; then link=$(readlink ${current}); elif [ -e ${current} ]; then link=other; fi`,
      `if [ -L ${current} ] && [ ! -e ${current} ]; then state=removed; fi`,
      `if [ -L ${current} ] && [ -e ${current} ] && [ "$(cd ${current} && pwd -P)" != "$(cd ${this.#root} && pwd -P)/releases/$(basename "$link")" ]; then state=elsewhere; fi`,
      `if [ -e ${this.#unsettled} ]; then state=unsettled; fi`,
      'echo "active:$state:$link"',
    ].join('\n');
    const lines = await this.#ssh.must('Looking up what is active', {
      script,
      signal,
      isQuiet: true,
    });
    const [, told, link = ''] = lines.map((line) => ACTIVE.exec(line)).find(Boolean) ?? [];
    const state = (told ?? 'settled') as Active['state'];
    if (link === '') return { capsuleHash: undefined, state };
    const hash = path.posix.basename(link);
    if (HASH.test(hash)) return { capsuleHash: hash, state };
    throw new MeshSimError(
      'deploy-failed',
      `${this.#target.path}/current on ${this.#target.host} is not a link to one of our releases: move it away.`,
    );
  }

  /** What arrived is compared, file by file, with what was unpacked and verified here. */
  async materialise(capsule: Capsule, signal: AbortSignal): Promise<string> {
    const { store, stagingFolder } = this.#context;
    const local = path.join(stagingFolder, 'verified');
    await unpackRelease({ capsule, store, folder: local, signal });
    const partial = this.#path('releases', `.${capsule.capsuleHash}.partial`);
    const send = (what: string, script: string, input?: AsyncIterable<Uint8Array>) =>
      this.#ssh.must(what, { script, signal, ...(input === undefined ? {} : { input }) });
    const manifest = `rm -rf ${partial} && mkdir -p ${partial} && cat > ${partial}/${MANIFEST_FILE}`;
    await send('Copying the manifest', manifest, once(capsule.bytes));
    for (const tree of laidOutTrees(capsule.manifest)) {
      const folder = `${partial}/${tree.name}`;
      const links = linksTo(tree).map((name) => ` && ln -s ${tree.name} ${partial}/${name}`);
      const script = `mkdir ${folder}${links.join('')} && tar -xf - -C ${folder}`;
      await send('Unpacking', script, archiveOf(store, tree, signal));
    }
    const compare =
      'if command -v sha256sum >/dev/null; then sha256sum -c --quiet -; else shasum -a 256 -c --quiet -; fi';
    const list = Buffer.from(await checksumList(local));
    const release = this.#release(capsule.capsuleHash);
    // It may be the active one, so it goes by a rename: removing its files takes longer.
    const replaced = this.#path('releases', `.${capsule.capsuleHash}.old.partial`);
    const replace = `rm -rf ${replaced}\nif [ -e ${release} ] || [ -L ${release} ]; then mv ${release} ${replaced}; fi\nmv ${partial} ${release}\nrm -rf ${replaced}`;
    const script = `set -e\ncd ${partial}\n${compare}\n${replace}`;
    await send('Comparing what arrived', script, once(list));
    return `Laid out on ${this.#target.host} and compared with what was signed.`;
  }

  async altered(capsule: Capsule, signal: AbortSignal): Promise<readonly string[]> {
    const files = await signedFiles(capsule, this.#context.store, signal);
    const lines = await this.#ssh.must('Comparing the release', {
      script: compareScript(this.#release(capsule.capsuleHash)),
      input: once(compareList(files)),
      signal,
      isQuiet: true,
    });
    const altered = alteredIn(lines, files);
    if (altered !== undefined) return altered;
    throw new MeshSimError(
      'deploy-failed',
      `What is on ${this.#target.host} could not be compared with what was signed: see that sha256sum or shasum works there.`,
    );
  }

  async prepare(hash: string, signal: AbortSignal): Promise<string | undefined> {
    const { prepare } = this.#target;
    if (prepare === undefined) return undefined;
    await this.#hook('prepare', prepare, hash, this.#context.action, signal);
    return 'Its prepare command ended well.';
  }

  async activate(hash: string, previous: string | undefined, signal: AbortSignal): Promise<string> {
    await this.#switchTo(hash, signal);
    const { activate } = this.#target;
    if (activate !== undefined) {
      await this.#hook('activate', activate, hash, this.#context.action, signal, previous);
    }
    return `current on ${this.#target.host} is ${hash.slice(0, 12)}.`;
  }

  async restore(
    previous: string | undefined,
    failed: string,
    signal: AbortSignal,
  ): Promise<string> {
    if (previous === undefined) {
      await this.#ssh.must('Going back', { script: `rm -f ${this.#path('current')}`, signal });
      return 'There was no release before it: none is active.';
    }
    const isThere = await this.#ssh.run({
      script: `[ -d ${this.#release(previous)} ]`,
      signal,
      isQuiet: true,
    });
    const { load } = this.#context;
    const earlier = { capsuleHash: previous, isThere: isThere.code === 0, load };
    const words = await makeReady(this, earlier, signal);
    await this.#switchTo(previous, signal);
    const { activate } = this.#target;
    if (activate !== undefined) {
      await this.#hook('activate', activate, previous, 'rollback', signal, failed);
    }
    return `${previous.slice(0, 12)} is active again.${words}`;
  }

  async settle(signal: AbortSignal): Promise<void> {
    await this.#ssh.run({ script: `rm -f ${this.#unsettled}`, signal, isQuiet: true });
  }

  checkRunner(hash: string): CheckRunner {
    return (command, timeoutMs, signal) => {
      const remote = this.#inRelease(this.#context.action, hash, shellWords(command));
      return this.#ssh.run({ ...remote, timeoutMs, signal });
    };
  }

  async tidy(active: string | undefined, signal: AbortSignal): Promise<void> {
    const releases = this.#path('releases');
    const listed = await this.#ssh.run({
      script: `cd ${releases} 2>/dev/null && ls -1t`,
      signal,
      isQuiet: true,
    });
    const spare = Math.max(0, this.#target.keep - (active === undefined ? 0 : 1));
    const old = listed.lines
      .filter((name) => HASH.test(name) && name !== active)
      .slice(spare)
      .map((name) => this.#release(name));
    const abandoned = `${releases}/.*.partial`;
    await this.#ssh.run({
      script: `rm -rf ${[abandoned, ...old].join(' ')}`,
      signal,
      isQuiet: true,
    });
  }

  get #root(): string {
    return shellWord(this.#target.path);
  }

  #path(...parts: readonly string[]): string {
    return shellWord(path.posix.join(this.#target.path, ...parts));
  }

  get #unsettled(): string {
    return this.#path('.deploy-unsettled');
  }

  #release(hash: string): string {
    return this.#path('releases', hash);
  }

  /** One rename where mv can replace a link itself (GNU, then BSD); else the closest thing there is. */
  async #switchTo(hash: string, signal: AbortSignal): Promise<void> {
    const script = [
      `cd ${this.#root} && : > .deploy-unsettled && rm -f current.next && ln -s releases/${hash} current.next`,
      'if mv -T current.next current 2>/dev/null || mv -h current.next current 2>/dev/null; then exit 0; fi',
      `rm -f current.next; ln -sfn releases/${hash} current`,
    ].join('\n');
    await this.#ssh.must('Switching the release', { script, signal });
  }

  async #hook(
    name: 'prepare' | 'activate',
    { run, timeoutMs }: Hook,
    hash: string,
    action: Action,
    signal: AbortSignal,
    previous?: string,
  ): Promise<void> {
    const remote = this.#inRelease(action, hash, shellWords(run), previous);
    await this.#ssh.must(`Its ${name} command`, { ...remote, timeoutMs, signal });
  }

  /** Secrets go in over standard input: arguments can be seen by every user of either machine. */
  #inRelease(
    action: Action,
    capsuleHash: string,
    command: string,
    previous?: string,
  ): Pick<RemoteScript, 'script' | 'input'> {
    const { environment, secrets } = this.#context;
    const release = path.posix.join(this.#target.path, 'releases', capsuleHash);
    const facts = { action, capsuleHash, release, previous };
    const told = assignments(Object.entries(hookFacts(environment, facts)));
    const start = `cd ${shellWord(release)} && exec ${command}`;
    if (secrets.size === 0) return { script: `${told}\n${start}` };
    return {
      script: `${told}\neval "$(cat)"\n${start}`,
      input: once(Buffer.from(assignments([...secrets]))),
    };
  }
}

function assignments(variables: readonly (readonly [string, string])[]): string {
  return variables.map(([name, value]) => `export ${name}=${shellWord(value)}`).join('\n');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/** What `sha256sum -c` reads, for every regular file below a folder. */
async function checksumList(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const lines: string[] = [];
  for (const { parentPath, name } of files) {
    const file = path.join(parentPath, name);
    const shown = path.relative(folder, file).split(path.sep).join('/');
    lines.push(`${sha256Hex(await readRegular(file))}  ${shown}\n`);
  }
  return lines.join('');
}

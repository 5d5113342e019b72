import { MeshSimError } from '../../../base/errors.ts';
import { legible } from '../../../base/shortText.ts';
import type { HostSpec } from '../../../model/hosts.ts';
import { HOSTS_FILE } from '../../../model/hosts.ts';
import { LOADER_EXIT, OLDEST_NODE } from './loader.ts';

/** sh(1) and env(1): what is to be run is not there. */
const NOT_FOUND = 127;
/** sh(1) and engines, of a program that SIGKILL ended. */
const KILLED = 137;
/** Of engines, and of the first process they give a container. */
const NO_PROGRAM =
  /executable file not found|No such file or directory.*node|failed to exec pid1: No such file/;
/** What programs say besides: ssh of each step and of what it carried, engines of their help. */
const ASIDE =
  /^(debug\d:|Transferred: sent \d|Bytes per second: sent \d|Run '.*--help'|See '.*--help')/;

/** The last thing ssh or an engine said that was meant for a person. */
export function lastLine(words: string): string {
  const lines = words.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !ASIDE.test(line));
  return legible(said.at(-1) ?? '', 300);
}

/**
 * SHA-256 fingerprint of the host's key, as ssh -v tells it before it runs anything there; what comes later may be the host's own words.
 * Undefined: it went over a connection that was open already, or by way of another machine, whose key is told as well.
 */
export function hostKeyIn(words: string): string | undefined {
  const [before = '', after] = words.split(/^debug1: Sending command: /m, 2);
  if (after === undefined) return undefined;
  const keys = before.matchAll(/^debug1: Server host key: \S+ (SHA256:[A-Za-z0-9+/]{43})\s*$/gm);
  const found = new Set([...keys].map(([, key]) => key));
  return found.size === 1 ? [...found][0] : undefined;
}

/** How the program of a pipe ended. */
export interface ProgramEnd {
  /** Null: it did not start, or a signal ended it. */
  readonly code: number | null;
  readonly signal?: string | null | undefined;
  /** What it wrote to its stderr. */
  readonly words: string;
  /** See PipesMessage. */
  readonly refusal?: string | undefined;
}

/** Why there is no keeper on a host, as one sentence with what to do. */
export function hostFailure(
  host: string,
  spec: Pick<HostSpec, 'kind' | 'node'> & { readonly memory?: string | undefined },
  end: ProgramEnd,
): MeshSimError {
  return new MeshSimError('host-failed', sentenceOf(host, spec, end));
}

function sentenceOf(
  host: string,
  { kind, node = 'node', memory }: Parameters<typeof hostFailure>[1],
  { code, signal, words, refusal }: ProgramEnd,
): string {
  if (refusal !== undefined) {
    return `${host} is heard no more: ${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}`;
  }
  const last = lastLine(words);
  if (code === LOADER_EXIT.oldNode) {
    return `${host} has Node.js ${last}; ${OLDEST_NODE} or newer is needed: set "node" in ${HOSTS_FILE}.`;
  }
  if (code === LOADER_EXIT.damaged || code === LOADER_EXIT.cut) {
    return `What was sent to ${host} did not arrive as it was sent: check the connection, and run again.`;
  }
  if (words.includes('REMOTE HOST IDENTIFICATION HAS CHANGED')) {
    return `The host key of ${host} has changed: nothing was sent. Find out why before you connect again.`;
  }
  if (words.includes('Host key verification failed')) {
    return `The host key of ${host} is not known: connect once with ssh and check it.`;
  }
  if (words.includes('Permission denied (')) {
    return `${host} does not let you in (${last}): check the user, and that your key is there and in your agent.`;
  }
  if (last.includes('container-init binary not found')) {
    return `${kind} has no first process for a container on ${host} (${last}): install catatonit there.`;
  }
  if (code === NOT_FOUND || NO_PROGRAM.test(last)) {
    return `${host} has no program "${node}" (${last}): install Node.js ${OLDEST_NODE} or newer there, or set "node" in ${HOSTS_FILE}.`;
  }
  if (code === null && words.includes('ENOENT')) {
    return `There is no program "${kind}" on this machine to reach ${host} with: install it.`;
  }
  if (code === KILLED && kind !== 'ssh') {
    const limit =
      memory === undefined
        ? 'it has no limit of memory of its own'
        : `its limit of memory is ${memory}`;
    return `The container on ${host} was ended by SIGKILL (${limit}): see "memory" in ${HOSTS_FILE}, and run again.`;
  }
  const how = code === null ? endedBy(signal) : `ended with code ${code}`;
  // What the first process of a container says of its end, an engine may not have heard.
  if (last === '' && code !== null && kind !== 'ssh') {
    return `${host} cannot be reached: ${kind} ${how} and said nothing: see that its image has "${node}".`;
  }
  return `${host} cannot be reached: ${kind} ${how}${last === '' ? '' : ` (${last})`}.`;
}

function endedBy(signal: ProgramEnd['signal']): string {
  return typeof signal === 'string' ? `was ended by ${signal}` : 'ended before its time';
}

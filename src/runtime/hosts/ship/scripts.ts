import { shellWord } from '../../../base/shellWord.ts';
import { LOADER, OLDEST_MAJOR, OLDEST_MINOR } from '../remote/loader.ts';
import { NODE_BINARIES, type NodeBinary } from './nodeBinaries.ts';

/** How the scripts end where they cannot go on; what they say then is on their stderr. Apart from those of the loader. */
export const SHIP_EXIT = {
  /** Node.js has to be sent first; the last line says what the host is, see `needOf`. */
  missing: 94,
  /** The last line names the folder. */
  noFolder: 95,
  notPrivate: 96,
  full: 97,
  cut: 98,
  damaged: 99,
  unusable: 100,
} as const;

/**
 * $d: where the host's user keeps what was sent, as cacheFolder() has it. These scripts are words between single quotes on the command
 * line of whatever shell that user has: no single quote, exclamation mark, backslash or line break is in them.
 */
const FOLDER =
  'c=${MESH_SIM_CACHE:-}; if [ -z "$c" ]; then c=${XDG_CACHE_HOME:-}; case $c in /*) ;; *) c=$HOME/.cache ;; esac; c=$c/mesh-sim; fi; d=$c/hosted/node';

/** Nobody else may have placed what is in it. */
const IS_PRIVATE =
  'private() { case "$(ls -ldn "$1" 2>/dev/null | (read -r m n u r; echo "$m $u"))" in "drwx------"*" $(id -u)") ;; *) return 1 ;; esac; }';

/** $1 and $2: digests of Node.js by system; $3: of the keeper; $4: the loader. The host's own Node.js is taken where it is new enough. */
export const START = [
  'v=$(node --version 2>/dev/null </dev/null)',
  'v=${v#v}; a=${v%%.*}; b=${v#*.}; b=${b%%.*}',
  `if [ "$a" -gt ${OLDEST_MAJOR} ] 2>/dev/null || { [ "$a" -eq ${OLDEST_MAJOR} ] && [ "$b" -ge ${OLDEST_MINOR} ]; } 2>/dev/null; then exec node -e "$4" "$3"; fi`,
  FOLDER,
  IS_PRIVATE,
  's=$(uname -sm)',
  'case $s in "Linux x86_64") g=$1 ;; "Linux aarch64") g=$2 ;; *) g= ;; esac',
  'f=$d/$g/node',
  'if [ -n "$g" ] && [ -x "$f" ] && private "$d" && private "$d/$g"; then h=$(sha256sum <"$f"); if [ "${h%% *}" = "$g" ]; then touch -c "$f" "$d/$g"; exec "$f" -e "$4" "$3"; fi; fi',
  'l=$(getconf GNU_LIBC_VERSION 2>/dev/null) || l=$(ldd --version 2>&1 </dev/null | head -n 1)',
  'p=; for x in sha256sum gzip; do if command -v $x >/dev/null; then p="$p $x"; fi; done',
  'echo "$s|$l|$p" >&2',
  `exit ${SHIP_EXIT.missing}`,
].join('; ');

/**
 * $1: digest; $2: bytes; $3: gzip, or plain; $4: what the program says of its version. It comes over stdin. It gets its name when all of it
 * is there, is what was sent and runs: nobody finds half of it, and two that send it at once do not meet.
 */
export const TAKE = [
  'set -C; umask 077; LC_ALL=C; export LC_ALL',
  FOLDER,
  IS_PRIVATE,
  `mkdir -p "$d/$1" && chmod u=rwx,go-rwx,g-s "$d" "$d/$1" || { echo "$d" >&2; exit ${SHIP_EXIT.noFolder}; }`,
  `private "$d" && private "$d/$1" || { echo "$d" >&2; exit ${SHIP_EXIT.notPrivate}; }`,
  'find "$d" -name "part.*" -mtime +0 -exec rm -f {} + 2>/dev/null',
  'k=$(df -Pk "$d" 2>/dev/null | tail -n 1 | (read -r x y z k r; echo "$k"))',
  `if [ "$k" -lt $(($2 / 1024)) ] 2>/dev/null; then echo "$d" >&2; exit ${SHIP_EXIT.full}; fi`,
  `i=0; until (: >"$d/part.$$.$i") 2>/dev/null; do i=$((i + 1)); if [ $i -gt 99 ]; then echo "$d" >&2; exit ${SHIP_EXIT.noFolder}; fi; done`,
  't=$d/part.$$.$i; drop() { rm -f "$t"; }; trap drop EXIT',
  `trap "exit ${SHIP_EXIT.cut}" HUP INT TERM PIPE`,
  'if [ "$3" = gzip ]; then gzip -dc >|"$t"; else cat >|"$t"; fi',
  `n=$(wc -c <"$t"); [ "$n" -eq "$2" ] || exit ${SHIP_EXIT.cut}`,
  `h=$(sha256sum <"$t"); [ "\${h%% *}" = "$1" ] || exit ${SHIP_EXIT.damaged}`,
  `chmod 700 "$t"; [ "$("$t" --version </dev/null)" = "$4" ] || exit ${SHIP_EXIT.unusable}`,
  `mv -f "$t" "$d/$1/node" || { echo "$d" >&2; exit ${SHIP_EXIT.noFolder}; }`,
].join('; ');

/** The command line for a host's shell that starts a keeper in its own Node.js, or in the one that was sent there. */
export function startCommand(keeperDigest: string): string {
  const { 'Linux x86_64': x64, 'Linux aarch64': arm64 } = NODE_BINARIES;
  return inShell(START, [x64.digest, arm64.digest, keeperDigest, LOADER]);
}

/** The command line for a host's shell that takes Node.js over its stdin. */
export function takeCommand(
  { digest, bytes, version }: NodeBinary,
  packing: 'gzip' | 'plain',
): string {
  return inShell(TAKE, [digest, String(bytes), packing, `v${version}`]);
}

function inShell(script: string, words: readonly string[]): string {
  return ['exec sh -c', ...[script, 'sh', ...words].map(shellWord)].join(' ');
}

/** What a host without Node.js says of itself: its own claims, unchecked. */
export interface HostNeed {
  /** As `uname -sm` has it: "Linux x86_64". */
  readonly system: string;
  /** "glibc 2.36", or what ldd says of its version. */
  readonly library: string;
  /** Of those that are needed, the ones it has. */
  readonly programs: readonly string[];
}

/** Reads the last line of the script that starts a keeper. */
export function needOf(line: string): HostNeed {
  const [system = '', library = '', programs = ''] = line.split('|');
  return { system, library, programs: programs.split(' ').filter(Boolean) };
}

import { systemProgram } from './program.ts';

/** How to execute a program so that something stays for as long as anything it started. */
export type Keeper = (file: string, args: readonly string[]) => { file: string; args: string[] };

/** PR_SET_CHILD_SUBREAPER of prctl(2). */
const SUBREAPER = 36;

/** The number of prctl(2), which perl has no name for. */
const PRCTL: Readonly<Partial<Record<NodeJS.Architecture, number>>> = {
  ...{ x64: 157, arm64: 167, arm: 172, ia32: 172 },
  ...{ loong64: 167, ppc64: 171, riscv64: 167, s390x: 172 },
};

/**
 * Runs a command and stays for as long as anything it has started: whoever is left by its parent becomes a child of the keeper
 * (prctl(2)), so that nothing a daemon does hides it. It ends as the command did if that failed, else with 0 once nothing is left.
 * SIGTERM is for the daemon; a handler, unlike to ignore it, is not inherited.
 */
const PERL = `
  syscall(shift @ARGV, ${SUBREAPER}, 1, 0, 0, 0) == 0 or die "prctl: $!\\n";
  $SIG{TERM} = sub {};
  defined(my $command = fork) or die "fork: $!\\n";
  if ($command == 0) { $SIG{TERM} = 'DEFAULT'; exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n" }
  while ((my $ended = wait) != -1) {
    next if $ended != $command || $? == 0;
    if ($? & 127) { $SIG{TERM} = 'DEFAULT'; kill $? & 127, $$ }
    exit($? >> 8);
  }
`;

const PYTHON = `
import ctypes, os, signal, sys
if ctypes.CDLL(None).prctl(${SUBREAPER}, 1, 0, 0, 0) != 0: sys.exit('prctl')
signal.signal(signal.SIGTERM, lambda *_: None)
command = os.fork()
if command == 0:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.execv(sys.argv[2], sys.argv[2:])
while True:
    try: ended, status = os.wait()
    except ChildProcessError: break
    if ended != command or status == 0: continue
    if os.WIFSIGNALED(status):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))
`;

/** Undefined: this machine cannot keep what a program leaves. */
export function daemonKeeper(
  platform: NodeJS.Platform = process.platform,
  find = systemProgram,
): Keeper | undefined {
  if (platform !== 'linux') return undefined;
  const number = PRCTL[process.arch];
  const perl = number === undefined ? undefined : find('perl');
  const [interpreter, ...script] =
    perl === undefined ? [find('python3'), '-c', PYTHON] : [perl, '-e', PERL];
  if (interpreter === undefined) return undefined;
  return (file, args) => ({
    file: interpreter,
    args: [...script, String(number ?? 0), file, ...args],
  });
}

/** Why there is none, the end of a sentence. */
export const NO_KEEPER =
  'leaves its processes ("daemon"), and to keep them takes Linux and perl or python3: start it in the foreground';

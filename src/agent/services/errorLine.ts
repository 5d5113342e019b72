/** So much of what a process said last is looked through for its error: stack traces are longer than they are telling. */
export const MOST_LINES = 200;

/** What package runners say of a script that failed: that it failed. */
const RUNNERS =
  /^\s*(npm (error|ERR!|notice|warn|WARN)|> |ELIFECYCLE|\[?ELIFECYCLE|error Command failed with|info Visit https:\/\/yarnpkg|exit status \d+$|make: \*\*\*|Node\.js v\d)|^\s*$/;

/** A frame of a stack, or what else only says where. */
const FRAME =
  /^\s+(at |from |File "|\.\.\. \d+ more|\^)|^goroutine \d+ |^\s*stack backtrace:|^note: /;

/** An error by its kind: `TypeError: …`, `java.lang.IllegalStateException: …`, `urllib.error.URLError: …`. */
const NAMED =
  /^(?:Uncaught )?(?:Exception in thread "[^"]*" )?(?:Caused by: )?[A-Za-z_][\w.$]*(?:Error|Exception|Exit|Interrupt|Failure)\b(?: \[\w+\])?(?::|$)/;
const GO = /^(?:panic|fatal error): /;
const RUST = /^thread '[^']*' (?:\(\d+\) )?panicked at /;
/** `server.rb:3:in 'run': undefined method (NoMethodError)` */
const RUBY = /^\S+:\d+:in .*\([A-Z][\w:]*\)$/;
/** ` ERR_PNPM_OUTDATED_LOCKFILE  Cannot install …` */
const PNPM = /^\s*ERR_PNPM_\w+\s/;
const GENERIC = /^(?:\S+: )?(?:error|fatal|ERROR|FATAL|Error|panic)\b.*[:\]]/;

const NPM = /^npm (?:error|ERR!) ?/;
/** What npm says around its reason; a code that is a number is a script's own. */
const NPM_FACT = /^(?:errno|syscall|path|dest|file|command|cwd|code)\b|^A complete log of this run/;
const NPM_CODE = /^npm (?:error|ERR!) code (?!ELIFECYCLE)[A-Z]/;

/** Enough for a sentence; a whole line may have some KiB, and is in the log. */
const MOST_CHARACTERS = 500;

/**
 * The line that names what went wrong, of the last lines a process wrote: the error of Node.js, Python, Go, Java, Ruby, Rust,
 * a package manager or a shell, rather than what comes behind it (a version, a stack, what the runner says). The last line where
 * none is known. Cut where it is too long for a sentence.
 * @param streams standard error first: the others count where a runner alone spoke there, or nobody
 */
export function errorLine(...streams: readonly (readonly string[])[]): string {
  const lines =
    streams.find((stream) => stream.some((line) => !RUNNERS.test(line)) || npmReason(stream)) ??
    streams.find((stream) => stream.some((line) => line.trim() !== '')) ??
    [];
  const [...characters] = wholeLine(lines);
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

function wholeLine(lines: readonly string[]): string {
  const said = lines.filter((line) => !RUNNERS.test(line));
  const rust = said.findLastIndex((line) => RUST.test(line));
  if (rust >= 0) return [said[rust], said[rust + 1]].filter(Boolean).join(' ');
  const telling = said.filter((line) => !FRAME.test(line));
  const named =
    telling.find((line) => GO.test(line)) ??
    telling.findLast((line) => NAMED.test(line)) ??
    telling.findLast((line) => RUBY.test(line)) ??
    telling.find((line) => PNPM.test(line)) ??
    npmReason(lines) ??
    telling.find((line) => GENERIC.test(line));
  return (named ?? telling.at(-1) ?? said.at(-1) ?? lines.at(-1) ?? '').trim();
}

/** The paragraph in which npm says why it did not do what it was asked for; undefined: it did, or a script of the product failed. */
function npmReason(lines: readonly string[]): string | undefined {
  if (!lines.some((line) => NPM_CODE.test(line))) return undefined;
  const said = lines.filter((line) => NPM.test(line)).map((line) => line.replace(NPM, ''));
  const begin = said.findIndex((line) => line.trim() !== '' && !NPM_FACT.test(line));
  if (begin < 0) return undefined;
  const rest = said.slice(begin);
  const end = rest.findIndex((line) => line.trim() === '' || NPM_FACT.test(line));
  return rest.slice(0, end < 0 ? undefined : end).join(' ');
}

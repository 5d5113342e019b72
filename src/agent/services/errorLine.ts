/** So much of what a process said last is looked through for its error: stack traces are longer than they are telling. */
export const MOST_LINES = 200;

/** What package runners say of a script that failed: that it failed. */
const RUNNERS =
  /^\s*(npm (error|ERR!|notice)|> |ELIFECYCLE|\[?ELIFECYCLE|error Command failed with|info Visit https:\/\/yarnpkg|exit status \d+$|make: \*\*\*|Node\.js v\d)|^\s*$/;

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
const GENERIC = /^(?:\S+: )?(?:error|fatal|ERROR|FATAL|Error|panic)\b.*[:\]]/;

/**
 * The line that names what went wrong, of the last lines a process wrote: the error of Node.js, Python, Go, Java, Ruby, Rust,
 * or a shell, rather than what comes behind it (a version, a stack, what the runner says). The last line where none is known.
 */
export function errorLine(lines: readonly string[]): string {
  const said = lines.filter((line) => !RUNNERS.test(line));
  const rust = said.findLastIndex((line) => RUST.test(line));
  if (rust >= 0) return [said[rust], said[rust + 1]].filter(Boolean).join(' ');
  const telling = said.filter((line) => !FRAME.test(line));
  const named =
    telling.find((line) => GO.test(line)) ??
    telling.findLast((line) => NAMED.test(line)) ??
    telling.findLast((line) => RUBY.test(line)) ??
    telling.find((line) => GENERIC.test(line));
  return (named ?? telling.at(-1) ?? said.at(-1) ?? lines.at(-1) ?? '').trim();
}

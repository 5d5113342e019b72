import assert from 'node:assert/strict';
import { errorLine } from '../../../src/agent/services/errorLine.ts';

/** What programs wrote last, as they write it, and the line that says what went wrong. */
const CASES: Readonly<Record<string, readonly [said: string, error: string]>> = {
  'Node.js, an uncaught error': [
    `/srv/services/svc/s.js:1
throw new TypeError('no price list');
^

TypeError: no price list
    at Object.<anonymous> (/srv/services/svc/s.js:1:7)
    at node:internal/main/run_main_module:36:49

Node.js v24.21.0`,
    'TypeError: no price list',
  ],
  'Node.js, a module that is missing': [
    `node:internal/modules/cjs/loader:1478
  throw err;
  ^

Error: Cannot find module 'express'
Require stack:
- /srv/services/api/server.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1475:15) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/srv/services/api/server.js' ]
}

Node.js v20.20.2`,
    "Error: Cannot find module 'express'",
  ],
  'Node.js behind npm': [
    `Error [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received NaN.
    at new NodeError (node:internal/errors:405:5)

Node.js v20.20.2
npm error Lifecycle script \`start\` failed with error:
npm error code 1
npm error command sh -c node server.js`,
    'Error [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received NaN.',
  ],
  Python: [
    `Traceback (most recent call last):
  File "/srv/app.py", line 3, in <module>
    import flask
ModuleNotFoundError: No module named 'flask'`,
    "ModuleNotFoundError: No module named 'flask'",
  ],
  'Python, with a word after it': [
    `Traceback (most recent call last):
  File "app.py", line 1
psycopg.errors.OperationalError: connection refused
	Is the server running?`,
    'psycopg.errors.OperationalError: connection refused',
  ],
  Go: [
    `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1]

goroutine 1 [running]:
main.main()
	/src/main.go:5 +0x1d
exit status 2`,
    'panic: runtime error: invalid memory address or nil pointer dereference',
  ],
  Java: [
    `Exception in thread "main" java.lang.IllegalStateException: no configuration
	at com.acme.Main.main(Main.java:7)
Caused by: java.io.FileNotFoundException: app.yml (No such file or directory)
	at java.base/java.io.FileInputStream.open0(Native Method)
	... 1 more`,
    'Caused by: java.io.FileNotFoundException: app.yml (No such file or directory)',
  ],
  Ruby: [
    `server.rb:3:in 'start': undefined method 'call' for nil (NoMethodError)
	from server.rb:9:in '<main>'`,
    "server.rb:3:in 'start': undefined method 'call' for nil (NoMethodError)",
  ],
  Rust: [
    `thread 'main' panicked at src/main.rs:4:10:
called \`Option::unwrap()\` on a \`None\` value
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
    "thread 'main' panicked at src/main.rs:4:10: called `Option::unwrap()` on a `None` value",
  ],
  'a shell': ['starting\n/bin/sh: 1: gunicorn: not found', '/bin/sh: 1: gunicorn: not found'],
  'a compiler behind a runner': [
    `src/app.ts(3,1): error TS2304: Cannot find name 'x'.
npm error code 2`,
    "src/app.ts(3,1): error TS2304: Cannot find name 'x'.",
  ],
  'npm, without a lock file': [
    `> shop@1.0.0 prepare
made ready
npm warn deprecated thing@1.0.0: use another one
npm error code EUSAGE
npm error
npm error The \`npm ci\` command can only install with an existing package-lock.json or
npm error npm-shrinkwrap.json with lockfileVersion >= 1.
npm error
npm error Usage:
npm error npm ci
npm error A complete log of this run can be found in: /cache/npm/_logs/2026-11-30-debug-0.log`,
    'The `npm ci` command can only install with an existing package-lock.json or npm-shrinkwrap.json with lockfileVersion >= 1.',
  ],
  'npm, without a network': [
    `npm ERR! code ENOTFOUND
npm ERR! syscall getaddrinfo
npm ERR! errno ENOTFOUND
npm ERR! network request to https://registry.example/left-pad failed, reason: getaddrinfo ENOTFOUND registry.example
npm ERR! A complete log of this run can be found in: /cache/npm/_logs/2026-11-30-debug-0.log`,
    'network request to https://registry.example/left-pad failed, reason: getaddrinfo ENOTFOUND registry.example',
  ],
  'npm, behind a proxy that it does not trust': [
    `npm error code SELF_SIGNED_CERT_IN_CHAIN
npm error errno SELF_SIGNED_CERT_IN_CHAIN
npm error request to https://registry.example/x failed, reason: self-signed certificate in certificate chain
npm error A complete log of this run can be found in: /cache/npm/_logs/2026-11-30-debug-0.log`,
    'request to https://registry.example/x failed, reason: self-signed certificate in certificate chain',
  ],
  'a script behind an older npm': [
    `no price list here
npm ERR! code ELIFECYCLE
npm ERR! shop@1.0.0 build: \`./build\`
npm ERR! Exit status 3`,
    'no price list here',
  ],
  'a script behind npm that only speaks': [
    `> shop@1.0.0 build
no price list here
npm error code 3
npm error path /srv/services/shop
npm error command failed
npm error command sh -c ./build`,
    'no price list here',
  ],
  pnpm: [
    `Lockfile is up to date, resolution step is skipped
 ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date
Note that in CI environments this setting is true by default.`,
    'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date',
  ],
  'something that only speaks': ['one\ntwo\n', 'two'],
  nothing: ['', ''],
};

describe('the line that names the error', () => {
  it('is looked for in standard output where a runner alone spoke in standard error', () => {
    const notices = ['npm notice', 'npm notice New minor version of npm available!', 'npm notice'];
    const said = [
      ' ERR_PNPM_WORKSPACE_PKG_NOT_FOUND  In : "greet@workspace:*" is in the dependencies',
    ];
    assert.match(errorLine(notices, said), /^ERR_PNPM_WORKSPACE_PKG_NOT_FOUND/);
    assert.equal(errorLine(notices, ['']), 'npm notice');
    assert.equal(errorLine(['Error: no table'], said), 'Error: no table');
    assert.equal(errorLine([], ['two']), 'two');
    const npm = ['npm error code E404', 'npm error 404 Not Found - GET greet'];
    assert.match(errorLine(npm, ['and more']), /^404 Not Found/);
  });

  it('is cut where it is too long for a sentence, between characters', () => {
    const line = errorLine([`Error: ${'😀'.repeat(5_000)}`]);
    assert.equal(line, `Error: ${'😀'.repeat(492)}…`);
  });

  for (const [name, [said, error]] of Object.entries(CASES)) {
    it(`is found in the last words of ${name}`, () => {
      assert.equal(errorLine(said.split('\n')), error);
    });
  }
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundledChild } from '../../support/bundledChild.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import type { NamesAnswer, NamesOutcome, NamesOrder } from '../../support/namesInside.ts';

/** In a folder that every user may read. */
let program: string;
/** Set aside for documentation and tests (RFC 5737): nobody's address, so nothing answers if the guard fails. */
const ADDRESS = '198.51.100.7';
const DENY = ['*.prod.example', 'bank.example:443', 'exact.example'];
const HOSTS = [
  '127.0.0.1 localhost',
  `${ADDRESS} db.prod.example innocent.example # the same machine`,
  '198.51.100.8 DB2.Prod.Example',
  '198.51.100.9 bank.example',
  '127.0.0.1 exact.example',
  '127.0.0.1 allowed.example alias.allowed.example',
].join('\n');

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface Machine {
  readonly uid: number | undefined;
  /** Shell commands that make it what it is, in mounts of its own. */
  readonly setUp: string;
}

/** Whether a program is there, and does this; so that a test can be skipped by name. */
function works(file: string, ...args: string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

/** All questions of a test at once, in one box: undefined where this machine or user gives none. */
async function onMachine(
  { uid, setUp }: Machine,
  questions: NamesOrder['questions'],
): Promise<NamesOutcome | undefined> {
  if (process.platform !== 'linux') return undefined;
  const folder = await temporaryFolder();
  try {
    await chmod(folder, 0o777);
    await writeFile(path.join(folder, 'machineHosts'), HOSTS);
    const asUser = ['--user', '--map-current-user', '--keep-caps'];
    const own = uid === undefined && isRoot ? [] : asUser;
    const script = `mount --bind ${folder}/machineHosts /etc/hosts && ${setUp} exec "$0" "$1"`;
    const inMounts = [...own, '--mount', '--propagation', 'private', '--', '/bin/sh', '-c', script];
    const as =
      uid === undefined
        ? ['unshare']
        : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'unshare'];
    const [file, ...args] = [...as, ...inMounts, process.execPath, program];
    const input = JSON.stringify({ folder, deny: DENY, questions } satisfies NamesOrder);
    const child = spawnSync(file, args, { input, encoding: 'utf8', cwd: folder });
    // No such namespaces on this machine, or not for this user.
    if (child.status !== 0 && /unshare|Operation not permitted|EACCES/.test(child.stderr))
      return undefined;
    assert.equal(child.status, 0, child.stderr);
    const outcome = JSON.parse(child.stdout) as NamesOutcome;
    return outcome.unavailable === undefined ? outcome : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function answerOf({ answers }: NamesOutcome, question: string): NamesAnswer {
  const answer = answers[question];
  assert.ok(answer, question);
  return answer;
}

const PROGRAMS: [name: string, probe: string[], command: string][] = [
  ['getent', ['getent', '--version'], 'getent ahosts db.prod.example || echo none'],
  [
    'python3',
    ['python3', '--version'],
    `python3 -c 'import socket; print(socket.getaddrinfo("db.prod.example", 443))' || echo none`,
  ],
  [
    'perl',
    ['perl', '-MSocket', '-e', '1'],
    `perl -MSocket -e 'print inet_aton("db.prod.example") ? inet_ntoa(inet_aton("db.prod.example")) : "none"'`,
  ],
  ['curl', ['curl', '--version'], 'curl -sS https://db.prod.example/ || echo none'],
  [
    'node',
    ['node', '--version'],
    `node -e 'require("dns").lookup("db.prod.example", (e, a) => console.log(a ?? "none"))'`,
  ],
];

const connect = (host: string, port = 443) => `exec 3<>/dev/tcp/${host}/${port}; head -c 1 <&3`;
const read = (host: string) => `head -n 1 < /dev/tcp/${host}/$PORT`;
const QUESTIONS = {
  ...Object.fromEntries(PROGRAMS.map(([name, , command]) => [name, [command]])),
  addresses: [
    connect(ADDRESS),
    connect('0xc6336408'),
    connect('::ffff:198.51.100.7'),
    connect('bank.example'),
  ],
  'allowed name': ['getent hosts innocent.example || echo none'],
  'what services need': [
    'getent hosts localhost',
    `getent hosts ${os.hostname()}`,
    'getent hosts alias.allowed.example',
    read('allowed.example'),
    read('localhost'),
    'getent hosts bank.example',
    'id -u',
  ],
};

describe('agent/box: names that files of the machine know', () => {
  let programs: string;
  before(async () => {
    programs = await temporaryFolder();
    await chmod(programs, 0o755);
    program = await bundledChild('namesInside', programs);
  });
  after(() => rm(programs, { recursive: true }));

  const users: [who: string, uid: number | undefined][] = [
    [isRoot ? 'as root' : 'as this user', undefined],
    ...(isRoot ? [['as an ordinary user', NOBODY] as [string, number]] : []),
  ];
  for (const [who, uid] of users) {
    describe(who, () => {
      let outcome: NamesOutcome;
      before(async function () {
        const answered = await onMachine({ uid, setUp: '' }, QUESTIONS);
        if (answered === undefined) this.skip();
        outcome = answered;
      });

      for (const [name, [file = '', ...args]] of PROGRAMS) {
        it(`${name} finds no denied name in them, and the question is an attempt`, function () {
          if (!works(file, ...args)) this.skip();
          const { said, denied } = answerOf(outcome, name);
          assert.equal(outcome.mountsMissing, undefined);
          assert.match(said[0] ?? '', /none$/);
          assert.doesNotMatch(said[0] ?? '', /198\.51/);
          assert.ok(denied.includes('db.prod.example'), denied.join());
        });
      }

      it('refuses the address of a denied name as an address, in every spelling', () => {
        const { said, denied } = answerOf(outcome, 'addresses');
        assert.deepEqual(outcome.owners, {
          [ADDRESS]: 'db.prod.example',
          '198.51.100.8': 'DB2.Prod.Example',
          '198.51.100.9:443': 'bank.example',
        });
        for (const one of said) assert.match(one, /reset|refused|^$/i);
        assert.deepEqual(denied, [
          `${ADDRESS} 443`,
          '198.51.100.8 443',
          `${ADDRESS} 443`,
          '198.51.100.9 443',
        ]);
      });

      it('refuses an allowed name of the same address', () => {
        const { said, denied } = answerOf(outcome, 'allowed name');
        assert.deepEqual(said, ['none']);
        assert.ok(denied.includes(`innocent.example ${ADDRESS}`), denied.join());
      });

      it('keeps what services need: localhost, their own host name, names that are not denied', () => {
        const { said, denied } = answerOf(outcome, 'what services need');
        assert.match(said[0] ?? '', /^(?:127\.0\.0\.1|::1) +localhost/);
        assert.match(said[1] ?? '', /^(?:127\.[\d.]+|::1) /);
        assert.match(said[2] ?? '', /^127\.0\.0\.1 +allowed\.example alias\.allowed\.example$/);
        assert.deepEqual(said.slice(3, 5), ['hello', 'hello']);
        assert.match(said[5] ?? '', /^198\.51\.100\.9 /);
        assert.equal(said[6], `${uid ?? process.getuid?.() ?? ''}`);
        assert.deepEqual(denied, []);
      });

      it('hides the name caches of the machine, and leaves its other files', async function () {
        const setUp =
          'mount -t tmpfs none /run && mkdir -p /run/nscd /run/systemd/resolve && touch /run/nscd/socket ' +
          '/run/systemd/resolve/io.systemd.Resolve /run/other &&';
        const caches = [
          'ls /run/nscd /var/run/nscd | grep -c socket',
          'ls /run/systemd/resolve',
          'ls /run/other',
          'grep ^hosts: /etc/nsswitch.conf',
        ];
        const answered = await onMachine({ uid, setUp }, { caches });
        if (answered === undefined) this.skip();
        assert.deepEqual(answerOf(answered, 'caches').said, [
          '0',
          'resolv.conf\nstub-resolv.conf',
          '/run/other',
          'hosts: files dns',
        ]);
      });

      it('says so where there are no mounts, and still refuses the addresses', async function () {
        const hide = (name: string) => `mount --bind /dev/null "$(command -v ${name})" &&`;
        const setUp = `${hide('perl')} ${hide('mount')}`;
        const denied = ['getent hosts db.prod.example', connect('db.prod.example')];
        const answered = await onMachine({ uid, setUp }, { denied });
        if (answered === undefined) this.skip();
        const { said, denied: attempts } = answerOf(answered, 'denied');
        assert.match(
          answered.mountsMissing ?? '',
          /it takes perl, or mount of util-linux|unshare ended/,
        );
        assert.match(said[0] ?? '', /198\.51\.100\.7/);
        assert.ok(attempts.includes(`${ADDRESS} 443`), attempts.join());
      });
    });
  }
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { temporaryFolder } from '../../support/harborPay.ts';
import type { NamesOutcome } from '../../support/namesInside.ts';

const CHILD = path.join(import.meta.dirname, '../../support/namesInside.ts');
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

describe('agent/box: names that files of the machine know', function () {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    await chmod(folder, 0o777);
    await writeFile(path.join(folder, 'machineHosts'), HOSTS);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  function onMachine(
    test: Mocha.Context,
    { uid, setUp }: Machine,
    commands: string[],
  ): NamesOutcome {
    if (process.platform !== 'linux') test.skip();
    const asUser = ['--user', '--map-current-user', '--keep-caps'];
    const own = uid === undefined && isRoot ? [] : asUser;
    const script = `mount --bind ${folder}/machineHosts /etc/hosts && ${setUp} exec "$0" "$1"`;
    const inMounts = [...own, '--mount', '--propagation', 'private', '--', '/bin/sh', '-c', script];
    const as =
      uid === undefined
        ? ['unshare']
        : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'unshare'];
    const [file, ...args] = [...as, ...inMounts, process.execPath, CHILD];
    const input = JSON.stringify({ folder, deny: DENY, commands });
    const child = spawnSync(file, args, { input, encoding: 'utf8', cwd: folder });
    // No such namespaces on this machine, or not for this user.
    if (child.status !== 0 && /unshare|Operation not permitted|EACCES/.test(child.stderr))
      test.skip();
    assert.equal(child.status, 0, child.stderr);
    const outcome = JSON.parse(child.stdout) as NamesOutcome;
    if (outcome.unavailable !== undefined) test.skip();
    return outcome;
  }

  const users: [who: string, uid: number | undefined][] = [
    [isRoot ? 'as root' : 'as this user', undefined],
    ...(isRoot ? [['as an ordinary user', NOBODY] as [string, number]] : []),
  ];
  for (const [who, uid] of users) {
    describe(who, () => {
      const machine = { uid, setUp: '' };

      const programs: [name: string, probe: string[], command: string][] = [
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
      for (const [name, [file = '', ...args], command] of programs) {
        it(`${name} finds no denied name in them, and the question is an attempt`, function () {
          if (!works(file, ...args)) this.skip();
          const { said, denied, mountsMissing } = onMachine(this, machine, [command]);
          assert.equal(mountsMissing, undefined);
          assert.match(said[0] ?? '', /none$/);
          assert.doesNotMatch(said[0] ?? '', /198\.51/);
          assert.ok(denied.includes('db.prod.example'), denied.join());
        });
      }

      it('refuses the address of a denied name as an address, in every spelling', function () {
        const connect = (host: string, port = 443) =>
          `exec 3<>/dev/tcp/${host}/${port}; head -c 1 <&3`;
        const outcome = onMachine(this, machine, [
          connect(ADDRESS),
          connect('0xc6336408'),
          connect('::ffff:198.51.100.7'),
          connect('bank.example'),
        ]);
        assert.deepEqual(outcome.owners, {
          [ADDRESS]: 'db.prod.example',
          '198.51.100.8': 'DB2.Prod.Example',
          '198.51.100.9:443': 'bank.example',
        });
        for (const said of outcome.said) assert.match(said, /reset|refused|^$/i);
        assert.deepEqual(outcome.denied, [
          `${ADDRESS} 443`,
          '198.51.100.8 443',
          `${ADDRESS} 443`,
          '198.51.100.9 443',
        ]);
      });

      it('refuses an allowed name of the same address', function () {
        const { said, denied } = onMachine(this, machine, [
          'getent hosts innocent.example || echo none',
        ]);
        assert.deepEqual(said, ['none']);
        assert.ok(denied.includes(`innocent.example ${ADDRESS}`), denied.join());
      });

      it('keeps what services need: localhost, their own host name, names that are not denied', function () {
        const read = (host: string) => `head -n 1 < /dev/tcp/${host}/$PORT`;
        const { said, denied } = onMachine(this, machine, [
          'getent hosts localhost',
          `getent hosts ${os.hostname()}`,
          'getent hosts alias.allowed.example',
          read('allowed.example'),
          read('localhost'),
          'getent hosts bank.example',
          'id -u',
        ]);
        assert.match(said[0] ?? '', /^(?:127\.0\.0\.1|::1) +localhost/);
        assert.match(said[1] ?? '', /^(?:127\.[\d.]+|::1) /);
        assert.match(said[2] ?? '', /^127\.0\.0\.1 +allowed\.example alias\.allowed\.example$/);
        assert.deepEqual(said.slice(3, 5), ['hello', 'hello']);
        assert.match(said[5] ?? '', /^198\.51\.100\.9 /);
        assert.equal(said[6], `${uid ?? process.getuid?.() ?? ''}`);
        assert.deepEqual(denied, []);
      });

      it('hides the name caches of the machine, and leaves its other files', function () {
        const setUp =
          'mount -t tmpfs none /run && mkdir -p /run/nscd /run/systemd/resolve && touch /run/nscd/socket ' +
          '/run/systemd/resolve/io.systemd.Resolve /run/other &&';
        const { said } = onMachine(this, { uid, setUp }, [
          'ls /run/nscd /var/run/nscd | grep -c socket',
          'ls /run/systemd/resolve',
          'ls /run/other',
          'grep ^hosts: /etc/nsswitch.conf',
        ]);
        assert.deepEqual(said, [
          '0',
          'resolv.conf\nstub-resolv.conf',
          '/run/other',
          'hosts: files dns',
        ]);
      });

      it('says so where there are no mounts, and still refuses the addresses', function () {
        const setUp = 'mount --bind /dev/null "$(command -v mount)" &&';
        const { said, denied, mountsMissing } = onMachine(this, { uid, setUp }, [
          'getent hosts db.prod.example',
          'exec 3<>/dev/tcp/db.prod.example/443; head -c 1 <&3',
        ]);
        assert.match(mountsMissing ?? '', /it takes mount|unshare ended/);
        assert.match(said[0] ?? '', /198\.51\.100\.7/);
        assert.ok(denied.includes(`${ADDRESS} 443`), denied.join());
      });
    });
  }
});

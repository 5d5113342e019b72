import assert from 'node:assert/strict';
import {
  chmod,
  cp,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createDeployWorld, type DeployWorld } from '../../support/deployWorld.ts';
import { hasSshServer, startSshServer, type SshServer } from '../../support/sshServer.ts';

/** What somebody does to a release after its deploy, and the words that tell of it. */
const ALTERATIONS: Readonly<
  Record<string, readonly [alter: (release: string) => Promise<unknown>, told: RegExp]>
> = {
  'another content': [
    (release) => writeFile(path.join(release, 'web/server.mjs'), 'other'),
    /altered after it was deployed: web\/server\.mjs\. It is deployed again/,
  ],
  'another manifest': [
    (release) => writeFile(path.join(release, 'capsule.json'), '{}'),
    /altered after it was deployed: capsule\.json\./,
  ],
  'another mode': [(release) => chmod(path.join(release, 'web/server.mjs'), 0o755), /web\/server/],
  'a missing file': [(release) => rm(path.join(release, 'web/server.mjs')), /web\/server\.mjs/],
  'a link in the place of a file': [
    async (release) => {
      const file = path.join(release, 'web/server.mjs');
      await rename(file, `${file}.real`);
      await symlink('server.mjs.real', file);
    },
    /web\/server\.mjs/,
  ],
  'a link in the place of a folder': [
    async (release) => {
      await rename(path.join(release, 'web'), path.join(release, 'real'));
      await symlink('real', path.join(release, 'web'));
    },
    /deployed: web\./,
  ],
  'a link in the place of the release': [
    async (release) => {
      await rename(release, `${release}.real`);
      await symlink(`${path.basename(release)}.real`, release);
    },
    /has its name and is not its release/,
  ],
  'a link elsewhere with the same name': [
    async (release) => {
      const root = path.join(release, '../..');
      const other = path.join(root, 'other', path.basename(release));
      await mkdir(path.dirname(other));
      await cp(release, other, { recursive: true });
      await rm(path.join(root, 'current'));
      await symlink(path.relative(root, other), path.join(root, 'current'));
    },
    /has its name and is not its release/,
  ],
};

interface Place {
  readonly target: object;
  readonly root: string;
}

function altering(
  place: () => Place,
  world: () => DeployWorld,
  alterations: readonly string[],
): void {
  for (const what of alterations) {
    const [alter, told] = ALTERATIONS[what] ?? assert.fail(what);
    it(`finds ${what}, says so, and deploys it again`, async () => {
      const { target, root } = place();
      await world().describe({ staging: { target } });
      const capsule = await world().pack();
      await world().deploy('staging', capsule);
      const release = path.join(root, 'releases', capsule);
      await writeFile(path.join(release, 'web/built.txt'), 'added, which is nobody’s concern');
      const { status, sentence } = await world().deploy('staging', capsule);
      assert.equal(status, 'unchanged');
      assert.match(sentence ?? '', /every signed file of its release is as signed/);
      await alter(release);
      world().lines.length = 0;
      assert.equal((await world().deploy('staging', capsule)).status, 'deployed');
      assert.match(world().lines.join('\n'), told);
      assert.equal(await readlink(path.join(root, 'current')), `releases/${capsule}`);
      assert.match(await readFile(path.join(release, 'web/server.mjs'), 'utf8'), /createServer/);
      assert.equal((await world().deploy('staging', capsule)).status, 'unchanged');
    });
  }

  /** Deploys a Capsule, alters its release, and lets the next deploy fail. */
  async function goBack(alter: (capsule: string, release: string) => Promise<unknown>) {
    const { target, root } = place();
    await world().describe({ staging: { target } });
    const good = await world().pack();
    await world().deploy('staging', good);
    const release = path.join(root, 'releases', good);
    await alter(good, release);
    const health = [{ command: 'false', intervalMs: 20, deadlineMs: 200 }];
    await world().describe({ staging: { target: { ...target, health } } });
    const next = await world().packChange('2');
    const { recorded } = await world().deploy('staging', next);
    assert.deepEqual([recorded?.record.status, recorded?.record.active], ['failed', good]);
    const restored = recorded?.record.steps.find(({ step }) => step === 'restore');
    return { release, sentence: restored?.sentence ?? '' };
  }

  it('goes back to what was signed, not to what was made of it, and says so', async () => {
    const { release, sentence } = await goBack((_, folder) =>
      writeFile(path.join(folder, 'web/server.mjs'), 'other'),
    );
    assert.match(sentence, /altered \(web\/server\.mjs\) and is laid out anew/);
    assert.match(await readFile(path.join(release, 'web/server.mjs'), 'utf8'), /createServer/);
  });

  it('says that a release was not compared whose Capsule cannot be read any more', async () => {
    const { sentence } = await goBack(async (capsule) => {
      const { objects } = world().workspace.paths;
      await rm(path.join(objects, capsule.slice(0, 2), capsule.slice(2)));
    });
    assert.match(sentence, /is used as it was found there, not compared with what was signed/);
  });

  it('refuses a prepare command that changes what was signed, before anything is active', async () => {
    const { target } = place();
    const prepare = { run: 'echo more >> web/server.mjs' };
    await world().describe({ staging: { target: { ...target, prepare } } });
    const { recorded } = await world().deploy('staging', await world().pack());
    assert.equal(recorded?.record.active, undefined);
    assert.match(recorded?.record.cause ?? '', /changed what was signed \(web\/server\.mjs\)/);
  });
}

describe('a release in a directory that was altered after its deploy', () => {
  let world: DeployWorld;
  beforeEach(async () => (world = await createDeployWorld()));
  afterEach(() => world.dispose());
  altering(
    () => ({ target: { kind: 'directory', path: '../outside' }, root: world.outside }),
    () => world,
    Object.keys(ALTERATIONS),
  );

  it('is not said to be as signed where a command has it, of which only the ledger tells', async () => {
    await world.describe({ staging: { target: { kind: 'command', run: 'true' } } });
    const capsule = await world.pack();
    await world.deploy('staging', capsule);
    const { status, sentence } = await world.deploy('staging', capsule);
    assert.equal(status, 'unchanged');
    assert.match(sentence ?? '', /by the ledger; what its command runs was not looked at/);
  });
});

const suite = hasSshServer ? describe : describe.skip;
suite('a release on another machine that was altered after its deploy (needs sshd)', () => {
  let world: DeployWorld;
  let server: SshServer;
  beforeEach(async () => {
    world = await createDeployWorld();
    server = await startSshServer(path.join(world.outside, 'ssh'));
  });
  afterEach(async () => {
    await server.stop();
    await world.dispose();
  });
  altering(
    () => {
      const { host, port, options } = server;
      const root = path.join(world.outside, "it's remote");
      return { target: { kind: 'ssh', host, port, options, path: root }, root };
    },
    () => world,
    // Each of the others is looked for in test/unit/deploy/remoteFiles.test.ts, by the same script.
    ['another content', 'a link elsewhere with the same name'],
  );
});

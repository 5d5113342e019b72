import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { daemonKeeper } from '../../../src/agent/services/daemonKeeper.ts';
import { findProgram } from '../../../src/agent/services/program.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';

/** Of one interpreter, on a machine that has no other. */
function keeperBy(interpreter: string) {
  return daemonKeeper('linux', (name) =>
    name === interpreter ? findProgram(name, '/', PATH) : undefined,
  );
}

describe('what keeps a daemon', () => {
  for (const interpreter of ['perl', 'python3']) {
    describe(interpreter, () => {
      function start(command: string) {
        const { file, args } = keeperBy(interpreter)!('/bin/sh', ['-c', command]);
        return spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH } });
      }

      function ended(child: ReturnType<typeof start>) {
        return new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
          child.once('exit', (code, signal) => resolve([code, signal]));
        });
      }

      before(function () {
        if (process.platform !== 'linux' || keeperBy(interpreter) === undefined) this.skip();
      });

      it('ends as its command does that fails', async () => {
        assert.deepEqual(await ended(start('exit 3')), [3, null]);
        assert.deepEqual(await ended(start('kill -KILL $$')), [null, 'SIGKILL']);
      });

      it('is the parent of what its command left, in whichever session, and ends after it', async () => {
        const left =
          'while read -r _ _ _ parent _ </proc/$$/stat && [ $parent = $0 ]; do :; done; echo $parent';
        const child = start(`setsid sh -c '${left}' $$ & exit 0`);
        let said = '';
        child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
        const closed = new Promise((resolve) => child.once('close', resolve));
        assert.deepEqual(await ended(child), [0, null]);
        await closed;
        assert.equal(Number(said), child.pid);
      });
    });
  }

  it('takes Linux, and perl or python3', () => {
    assert.equal(daemonKeeper('darwin'), undefined);
    assert.equal(
      daemonKeeper('linux', () => undefined),
      undefined,
    );
  });
});

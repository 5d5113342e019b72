import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import {
  afterOthers,
  comesFirst,
  sessionAfterOthers,
  stepsBack,
} from '../../../src/agent/processes/precedence.ts';

/** Of its session, to others; undefined: this kernel has no such groups. */
function sessionNiceness(pid: number): number | undefined {
  const file = `/proc/${pid}/autogroup`;
  if (!existsSync(file)) return undefined;
  const [, niceness] = / nice (-?\d+)/.exec(readFileSync(file, 'utf8')) ?? [];
  return niceness === undefined ? undefined : Number(niceness);
}

/** Starts a node, and says who comes when. */
const CARRIER = `
  import { spawn } from 'node:child_process';
  import os from 'node:os';
  import { OwnPrecedence } from '${new URL('../../../src/agent/processes/precedence.ts', import.meta.url).href}';
  const precedence = new OwnPrecedence();
  precedence.take();
  let isToStepBack;
  const node = precedence.startAfter((stepsBack) => {
    isToStepBack = stepsBack;
    return spawn('sleep', ['60'], { stdio: 'ignore' });
  });
  const said = { isToStepBack, carrier: os.getPriority(), node: os.getPriority(node.pid) };
  node.kill('SIGKILL');
  console.log(JSON.stringify(said));
`;

describe('agent/processes: who comes first', () => {
  const own = os.getPriority();
  const started: ChildProcess[] = [];
  /** Leads a session of its own, and has begun. */
  const leader = (file = 'sleep', args = ['60']): number => {
    const child = spawn(file, args, { detached: true, stdio: 'ignore' });
    started.push(child);
    return child.pid ?? 0;
  };
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  afterEach(async () => {
    for (const child of started.splice(0)) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('is the emulator where this user may ask for it, with its session; else nothing changes', () => {
    const pid = leader();
    const before = sessionNiceness(pid);
    const isFirst = comesFirst(pid);
    assert.equal(os.getPriority(pid), isFirst ? -20 : own);
    assert.equal(sessionNiceness(pid), isFirst && before !== undefined ? -20 : before);
  });

  it('are nodes after it, where it may not be put before them', () => {
    const pid = leader();
    stepsBack(pid);
    assert.equal(os.getPriority(pid), Math.min(own + 10, 19));
  });

  it('are services after their node', async () => {
    const { file, args } = afterOthers({ file: 'sh', args: ['-c', 'nice; exec sleep 60'] });
    const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(child);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString().trim(), String(Math.min(own + 5, 19)));
    const { pid = 0 } = child;
    if (process.getuid?.() !== 0 || sessionNiceness(pid) === undefined) return;
    // Nobody else may change a session more often than ten times a second.
    sessionAfterOthers(pid);
    assert.equal(sessionNiceness(pid), Math.min(own + 5, 19));
  });

  for (const leads of [true, false]) {
    const which = leads ? 'that leads a session' : 'only where it leads a session';
    it(`is one that carries packets beside a node it starts, and not that node: ${which}`, async () => {
      const isFirst = leads && comesFirst(leader());
      const carrier = spawn(process.execPath, ['--input-type=module', '-e', CARRIER], {
        detached: leads,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      carrier.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
      await once(carrier, 'close');
      assert.deepEqual(JSON.parse(said), {
        isToStepBack: !isFirst,
        carrier: isFirst ? -20 : own,
        node: own,
      });
    });
  }

  it('is nobody who has just ended', async () => {
    const pid = leader('true', []);
    const [child] = started;
    if (child?.exitCode === null) await once(child, 'exit');
    started.length = 0;
    stepsBack(pid);
    assert.equal(comesFirst(pid), false);
  });
});

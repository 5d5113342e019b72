import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { runFolderOf } from '../../../src/studio/runs/runFolder.ts';
import {
  createCommandLine,
  DIST,
  type CommandLine,
  type CommandOutcome,
} from '../../support/commandLine.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

interface Said {
  readonly type: string;
  readonly simId: string;
  readonly address?: string;
}

describe('a run that is held up', () => {
  let commands: CommandLine;
  let product: TinyRepository;
  /** What it said, but for events. */
  const said: Said[] = [];
  let answer: string;
  let exitCode: number | undefined;
  let refused: unknown;
  let followed: CommandOutcome;

  before(async () => {
    commands = await createCommandLine();
    product = await createTinyRepository([healthyService()]);
    const { stdout: capsule } = await commands.meshSim(['pack'], product.repo);
    const flags = ['--nodes', '2', '--latency', '1-5', '--hold', '--open', 'web.http@n1', '--json'];
    const run = execa(
      process.execPath,
      [path.join(DIST, 'meshSim.cjs'), '--capsule', capsule, ...flags],
      { cwd: product.repo, env: commands.environment, reject: false, buffer: false },
    );
    await new Promise<void>((resolve) => {
      run.once('exit', resolve);
      createInterface({ input: run.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as Said;
        if (['evidence', 'link', 'held'].includes(message.type)) said.push(message);
        if (message.type === 'held') resolve();
      });
    });
    const { address = '' } = said.find(({ type }) => type === 'link') ?? {};
    answer = await (await fetch(address, { headers: { connection: 'close' } })).text();
    followed = await commands.meshSim(['logs', simId(), '--follow'], product.repo);
    run.kill('SIGINT');
    ({ exitCode } = await run);
    refused = await fetch(address).catch((error: unknown) => (error as Error).cause);
  });
  after(() => product.dispose());

  function simId(): string {
    return said.at(-1)?.simId ?? '';
  }

  it('leads a port of this machine to its service, which answers while the run is held', () => {
    assert.equal(answer, 'ok');
  });

  it('is sealed before it is held up, and says that nobody looked for processes', async () => {
    assert.deepEqual(
      said.map(({ type }) => type),
      ['link', 'evidence', 'held'],
    );
    const { stdout } = await commands.meshSim(['show', simId(), '--json'], product.repo);
    const { predicate } = JSON.parse(stdout) as EvidenceStatement;
    const evidence = predicate.meshsim_evidence;
    assert.equal(predicate.result, 'PASSED');
    assert.equal('held' in evidence && evidence.held, true);
    const left = evidence.invariants.find(({ name }) => name === 'no-process-left');
    assert.ok(left !== undefined && 'observed' in left && left.observed === 'not-observed');
  });

  it('is over for whoever follows it: nothing more is recorded', () => {
    assert.equal(followed.exitCode, 0);
  });

  it('ends in order at Ctrl-C, with the exit code of its outcome', () => {
    assert.equal(exitCode, 0);
    assert.equal((refused as { code: string }).code, 'ECONNREFUSED');
    assert.equal(existsSync(runFolderOf(commands, simId())), false);
  });
});

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MachineProgram } from '../../../src/agent/services/machineProgram.ts';
import type { NodeProcesses } from '../../../src/agent/nodeProcesses.ts';
import { programServiceSchema } from '../../../src/model/registry.ts';
import type { FoundProgram } from '../../../src/model/requiredProgram.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import { sentenceOf } from '../../support/rejection.ts';

const SERVICE = programServiceSchema.parse({
  ...{ name: 'store', program: { requires: 'stored', version: '>=2' } },
  ...{ start: ['stored'], health: { command: ['true'] } },
});

describe('agent: the program of a service that is the machine’s own', () => {
  let folder: string;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-sim-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function install(script: string): Promise<string> {
    const file = path.join(folder, 'stored');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  function onNode(onStart: (found: FoundProgram) => void = () => undefined): MachineProgram {
    const processes = {
      ownerOf: (owner: object) => owner,
      started: () => undefined,
      endCheck: () => Promise.resolve(),
    };
    return new MachineProgram({
      ...{ service: SERVICE, nodeId: 'n2', hostPath: folder, hiddenPath: '', box: undefined },
      servicesFolder: path.join(folder, 'services'),
      redactor: new Redactor(new Map()),
      processes: processes as unknown as NodeProcesses,
      onStart,
    });
  }

  it('is told whenever it is started, and runs in a folder that is empty', async () => {
    const file = await install('echo "2.1 of many" >&2');
    const told: FoundProgram[] = [];
    const program = onNode((found) => told.push(found));
    await program.prepare();
    assert.equal(told.length, 0);
    assert.equal(program.fileToStart(), file);
    assert.deepEqual(
      told.map((found) => [found.path, found.version]),
      [[file, '2.1']],
    );
    assert.deepEqual(await readdir(program.folder), []);
  });

  it('is not started once its file was replaced', async () => {
    await install('echo 2.1');
    const program = onNode();
    await program.prepare();
    await install('echo 2.1; echo more');
    assert.throws(() => program.fileToStart(), {
      code: 'program-missing',
      message: /stored, the program of service "store", was replaced while n2 ran: run again\.$/,
    });
  });

  it('fails its node where it is of another version', async () => {
    await install('echo 1.9');
    assert.match(
      await sentenceOf('program-missing', onNode().prepare()),
      /^Service "store" needs the program stored >=2, and .*stored on n2 is 1\.9:/,
    );
  });
});

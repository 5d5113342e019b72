import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import {
  describePods,
  inContainers,
  startPodHost,
  type PodHost,
} from '../../support/kubernetes/podHost.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

describePods('mesh-sim with nodes in Pods', () => {
  let commands: CommandLine;
  let product: TinyRepository;
  let lab: PodHost;
  let environment: NodeJS.ProcessEnv;
  before(async () => {
    commands = await createCommandLine();
    product = await createTinyRepository([healthyService()]);
    lab = await startPodHost();
    environment = { ...commands.environment, ...lab.environment };
    const hosts = JSON.stringify({ hosts: { lab: lab.spec } });
    await writeFile(path.join(product.repo, 'mesh.hosts.json'), hosts);
  });
  after(async () => {
    await lab.stop();
    await product.dispose();
  });

  const start = (...args: string[]) =>
    execa(process.execPath, [path.join(DIST, 'meshSim.cjs'), ...args], {
      ...{ cwd: product.repo, env: environment, extendEnv: false },
      ...{ reject: false, stdin: 'ignore' },
    });

  it('tells whether nodes can live there', async () => {
    const checked = await start('hosts', 'check');
    assert.equal(checked.exitCode, 0, checked.stdout);
    assert.match(
      checked.stdout,
      /^✔ lab {2}linux .*, Node\.js v\d.*, \d+ cores, .*@sha256:[0-9a-f]{64}$/m,
    );
    assert.deepEqual(await lab.pods(), []);
  });

  it('ends what ran there when this machine was killed, and removes the Pod that stays', async () => {
    const { stdout: capsule } = await start('pack');
    const plan = ['--capsule', capsule.trim(), '--nodes', '2', '--latency', '20-30'];
    const run = start(...plan, '--on', 'n1=lab', '--json', '--hold');
    for await (const line of createInterface({ input: run.stdout })) {
      if (!line.includes('"healthy"') || !line.includes('"n1"')) continue;
      run.kill('SIGKILL');
      break;
    }
    await run;
    const [left, ...others] = await lab.pods();
    assert.deepEqual(others, []);
    assert.match(left ?? '', /^pod\/mesh-sim-.*-n1$/);
    // Of one whose keeper has left, what it ran has ended.
    const wait = [
      'wait',
      '--for',
      'jsonpath={.status.phase}=Succeeded',
      left ?? '',
      '--timeout=60s',
    ];
    await execa('kubectl', wait, { env: lab.environment });
    if (lab.standIn !== undefined) assert.deepEqual(inContainers(lab.standIn), []);
    const cleaned = await start('hosts', 'clean');
    assert.equal(cleaned.exitCode, 0, cleaned.stdout);
    assert.match(cleaned.stdout, /^✔ lab\n {2}removed the Pod mesh-sim-.*-n1$/m);
    assert.deepEqual(await lab.pods(), []);
    assert.match((await start('hosts', 'clean')).stdout, /^ {2}nothing was left$/m);
  });
});

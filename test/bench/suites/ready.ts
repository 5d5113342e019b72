import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { compilePlan } from '../../../src/mesh/compiledPlan.ts';
import { localPaths } from '../../../src/runtime/hosts/localNodes.ts';
import { AgentProcess } from '../../../src/runtime/real/agentProcess.ts';
import { HealthyPlaces } from '../../../src/runtime/real/healthyPlaces.ts';
import { NodeDisks } from '../../../src/runtime/real/disk/nodeDisks.ts';
import { launchCommand } from '../../../src/runtime/real/launchCommand.ts';
import { nodeFolder } from '../../../src/runtime/real/nodeFolder.ts';
import { SwitchProcess } from '../../../src/runtime/real/switchProcess.ts';
import { realRunOptions, rehearse } from '../../support/realRun.ts';
import { Redactor } from '../../../src/vault/redactor.ts';
import type { TinyProduct } from '../../support/tinyProduct.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { interleave, spreadOf, wallMs } from '../measure.ts';
import { rolloutProduct } from '../rolloutProduct.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const NODES = 10;
const PRODUCT_BYTES = 256 * 1024;
const EMPTY_PROGRAM = "process.stdout.write('up\\n'); process.stdin.resume();";
const PLAN = { params: { nodes: NODES, latencyMs: [0, 1] as [number, number] } };

/** ms until ten processes that do nothing have said so. */
async function emptyProcesses(): Promise<number> {
  const start = wallMs();
  const children: ChildProcess[] = [];
  const isUp = Array.from({ length: NODES }, () => {
    const child = spawn(process.execPath, ['-e', EMPTY_PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {},
    });
    children.push(child);
    return new Promise((resolve) => child.stdout.once('data', resolve));
  });
  await Promise.all(isUp);
  const elapsed = wallMs() - start;
  await endAll(children);
  return elapsed;
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  const ended = children.map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ended);
}

/** ms until ten agents, started as a run starts them beside its emulator, are on the emulated network. */
async function agents(product: TinyProduct, scratch: string): Promise<number> {
  const runFolder = await mkdtemp(path.join(scratch, 'run-'));
  const options = realRunOptions(product, PLAN, { runFolder });
  const compiled = compilePlan(options.plan);
  const folders = Array.from({ length: NODES }, (_, index) => nodeFolder(runFolder, index));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const start = wallMs();
  const origin = systemClock.monotonic();
  const emulator = new SwitchProcess({
    entry: options.bundles.switch,
    plan: options.plan,
    origin,
    onPackets: () => undefined,
    onFailure: (error) => {
      throw error;
    },
  });
  const context = {
    options,
    compiled,
    servicePorts: new Map(),
    healthyPlaces: new HealthyPlaces(options.plan, options.capsule.manifest.services),
    deniedAddresses: { owners: {}, unanswered: [] },
    disks: await NodeDisks.open([], options),
  };
  const processes: AgentProcess[] = [];
  const isOnline = folders.map(
    (folder) =>
      new Promise<void>((resolve, reject) => {
        const agent = new AgentProcess({
          bundle: options.bundles.agent,
          folder,
          env: {},
          compileCacheFolder: options.compileCacheFolder,
          redactor: new Redactor(new Map()),
          onReport: ({ type }) => {
            if (type === 'online') resolve();
          },
          onUnable: reject,
          onEnd: (words) => reject(new Error(`An agent ${words}.`)),
        });
        processes.push(agent);
      }),
  );
  const port = await emulator.listening();
  const life = { incarnation: 0, heldBefore: [], byzantine: false };
  for (const [index, agent] of processes.entries()) {
    const network = { port, token: emulator.tokenOf(index) };
    agent.send(launchCommand(context, index, localPaths(options, index, origin), network, life));
  }
  await Promise.all(isOnline);
  const elapsed = wallMs() - start;
  for (const agent of processes) agent.kill();
  await Promise.all(processes.map(({ ended }) => ended));
  await emulator.stop();
  return elapsed;
}

/** On the host, without boxes. */
const ON_HOST = { guard: { deny: [], namespace: 'off', ports: [] } } as const;

const GUARDED = {
  guard: { deny: ['*.production.example'], namespace: 'auto', ports: [] },
} as const;

/** ms from the start of a whole run until the last of ten nodes was READY. */
async function wholeRun(product: TinyProduct, overrides = {}): Promise<number> {
  const { observation, events } = await rehearse(product, PLAN, overrides);
  if (observation.outcome !== 'pass') throw new Error(observation.cause ?? 'A run failed.');
  const ready = events.flatMap((event) =>
    event.type === 'phase' && event.phase === 'healthy' && event.status === 'ok' ? [event.at] : [],
  );
  return Math.max(...ready);
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, meter } = context;
  const product = await rolloutProduct(PRODUCT_BYTES);
  try {
    const rounds = await interleave(
      {
        empty: emptyProcesses,
        agents: () => agents(product, scratch),
        onHost: () => wholeRun(product, ON_HOST),
        run: () => wholeRun(product),
        guarded: () => wholeRun(product, GUARDED),
      },
      { rounds: roundsOf(context), meter, warmUps: 1 },
    );
    return [
      {
        name: 'ten agents up against ten empty processes',
        unit: '×',
        spread: spreadOf(rounds, (r) => r.agents / r.empty),
        target: atMost(1.5),
        note: 'up: the agent has read its orders, joined the network and greeted its neighbours',
      },
      { name: 'ten empty processes', unit: 'ms', spread: spreadOf(rounds, (r) => r.empty) },
      { name: 'ten agents up', unit: 'ms', spread: spreadOf(rounds, (r) => r.agents) },
      {
        name: 'whole run of ten, until the last is READY',
        unit: 'ms',
        spread: spreadOf(rounds, (r) => r.run),
        note: 'Capsule of 256 KiB, 0–1 ms, one idle service per node',
      },
      {
        name: 'the same, against nodes without boxes',
        unit: '×',
        spread: spreadOf(rounds, (r) => r.run / r.onHost),
        target: atMost(1.25),
        note: 'on Linux, a box for each node: network, processes and paths of its own',
      },
      {
        name: 'the same with production guarded, against without',
        unit: '×',
        spread: spreadOf(rounds, (r) => r.guarded / r.run),
        note: 'the hook in every Node.js process',
      },
    ];
  } finally {
    await product.dispose();
  }
}

export const suite: Suite = { title: 'READY of ten', run };

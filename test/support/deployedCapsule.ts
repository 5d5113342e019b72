import assert from 'node:assert/strict';
import type { ProvenanceGraph } from '../../src/model/provenanceApi.ts';
import { reasonsOf, type Decision } from '../../src/model/deploy.ts';
import { previewGate } from '../../src/studio/deploy/gate.ts';
import { provenanceGraph } from '../../src/studio/provenance/provenanceGraph.ts';
import { Studio } from '../../src/studio/studio.ts';
import { Workspace } from '../../src/studio/workspace/workspace.ts';
import { copyDeployWorld, createDeployWorld, type DeployWorld } from './deployWorld.ts';
import { blob, HEALTHY_SERVER } from './tinyProduct.ts';

/** Which change was rehearsed is not what its tests are about. */
export const production = {
  production: true,
  gate: { allowDegraded: true, upgradeFrom: 'any' },
  target: { kind: 'directory', path: '../outside' },
};

/** Built, and of more than one chunk. */
const service = {
  name: 'web',
  files: { 'server.mjs': HEALTHY_SERVER, 'atlas.txt': blob(600_000) },
  entry: { build: ['node', '-e', "require('node:fs').writeFileSync('built.txt', 'built')"] },
};

export interface Deployed {
  readonly world: DeployWorld;
  readonly capsule: string;
}

let first: Promise<Deployed> | undefined;

/** Packed, rehearsed for real, let in, and deployed: each is a copy of one that this process keeps. */
export async function deployed(): Promise<Deployed> {
  first ??= deploy();
  const { world, capsule } = await first;
  return { world: await copyDeployWorld(world), capsule };
}

async function deploy(): Promise<Deployed> {
  const world = await createDeployWorld([service]);
  await world.describe({ production });
  const capsule = await world.pack();
  await world.rehearse(capsule);
  const { status, gate } = await world.deploy('production', capsule);
  assert.equal(status, 'deployed', reasonsOf(gate.decision).join('\n'));
  return { world, capsule };
}

/** As another process would see it: nothing remembered. */
export function fresh({ workspace }: DeployWorld): Workspace {
  return new Workspace(workspace.options);
}

export function trust({ world }: Deployed): Promise<ProvenanceGraph> {
  return provenanceGraph(new Studio(fresh(world)));
}

export async function ask({ world, capsule }: Deployed): Promise<Decision> {
  const request = { environment: 'production', capsule };
  return (await previewGate(fresh(world), request)).decision;
}

/** Kinds of the chain, each resting on the one before it. */
export const ORDER = ['capsule', 'evidence', 'gate-decision', 'deploy'] as const;

export async function assertSound(deploy: Deployed, when: string): Promise<void> {
  const { nodes, edges, problem } = await trust(deploy);
  assert.deepEqual(nodes.map(({ kind }) => kind).reverse(), ORDER, when);
  const statuses = new Set([...nodes, ...edges].map(({ status }) => status));
  assert.deepEqual([statuses, problem], [new Set(['proven']), undefined], when);
  assert.deepEqual(reasonsOf(await ask(deploy)), [], when);
}

export async function assertRefused(deploy: Deployed, reason: RegExp, when: string): Promise<void> {
  const decision = await ask(deploy);
  assert.equal(decision.decision, 'deny', when);
  assert.match(reasonsOf(decision).join('\n'), reason, when);
}

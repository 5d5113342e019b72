import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planSchema, type PlanInput } from '../../src/model/plan.ts';
import type { DeployStep } from '../../src/model/deploy.ts';
import { deployCapsule, type FinishedDeploy } from '../../src/studio/deploy/deployCapsule.ts';
import type { DeployListener } from '../../src/studio/deploy/deployRollout.ts';
import { packWorkspace } from '../../src/studio/capsules/packCapsule.ts';
import { simulateMesh, type FinishedSimulation } from '../../src/studio/runs/simulateMesh.ts';
import type { Workspace } from '../../src/studio/workspace/workspace.ts';
import { commitChange, temporaryFolder } from './harborPay.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
  type TinyService,
} from './tinyProduct.ts';
import { workspaceIn } from './workspace.ts';

const AS_IT_IS = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true } as const;
const NEVER = new AbortController().signal;

export interface DeployWorld {
  /** Another one after `restore`: it remembers nothing. */
  readonly workspace: Workspace;
  /** The product's repository, which is the workspace. */
  readonly folder: string;
  /** Beside the repository, for targets. */
  readonly outside: string;
  readonly steps: DeployStep[];
  readonly lines: string[];
  readonly listener: DeployListener;
  describe(environments: Readonly<Record<string, unknown>>): Promise<void>;
  pack(): Promise<string>;
  /** Commits a change of the service's files, and packs. */
  packChange(content: string): Promise<string>;
  /** A real rehearsal that meets the strict policy, but for the timing of a busy machine. */
  rehearse(capsuleHash: string, plan?: Partial<PlanInput>): Promise<FinishedSimulation>;
  deploy(environment: string, capsule: string, signal?: AbortSignal): Promise<FinishedDeploy>;
  /** Keeps all that lies in its folders as it is now: what it returns lays that back. */
  keep(): Promise<() => Promise<void>>;
  dispose(): Promise<void>;
}

/** A workspace with a product of one service, and a folder to deploy to. */
export async function createDeployWorld(
  services: readonly TinyService[] = [healthyService()],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DeployWorld> {
  return worldOf(await createTinyRepository(services), environment);
}

/** One that goes on from what another left: nothing that is signed says where it lies. */
export async function copyDeployWorld({ folder: repo }: DeployWorld): Promise<DeployWorld> {
  const folder = await temporaryFolder();
  await cp(path.dirname(repo), folder, AS_IT_IS);
  return worldOf(
    {
      folder,
      repo: path.join(folder, path.basename(repo)),
      dispose: () => rm(folder, { recursive: true, force: true }),
    },
    process.env,
  );
}

async function worldOf(
  product: TinyRepository,
  environment: NodeJS.ProcessEnv,
): Promise<DeployWorld> {
  const configFolder = path.join(product.folder, 'config');
  const workspaceNow = () => workspaceIn(product.repo, environment, configFolder);
  let workspace = await workspaceNow();
  const outside = path.join(product.folder, 'outside');
  await mkdir(outside, { recursive: true });
  const kepts: string[] = [];
  const steps: DeployStep[] = [];
  const lines: string[] = [];
  const listener: DeployListener = {
    onStart: () => undefined,
    onStep: (step) => steps.push(step),
    onLine: (line) => lines.push(line),
  };
  const pack = async (): Promise<string> => {
    const registryFile = path.join(product.repo, 'mesh.services.json');
    const packed = await packWorkspace(workspace, {
      registryFile,
      allowDirty: false,
      signal: NEVER,
    });
    return packed.capsule.capsuleHash;
  };
  return {
    get workspace() {
      return workspace;
    },
    folder: product.repo,
    outside,
    steps,
    lines,
    listener,
    pack,
    describe: (environments) =>
      writeFile(
        path.join(product.repo, 'mesh.environments.json'),
        JSON.stringify({ environments }),
      ),
    packChange: async (content) => {
      await commitChange({ folder: product.repo }, 'web/version.txt', content);
      return pack();
    },
    rehearse: (capsuleHash, plan = {}) =>
      simulateMesh(workspace, {
        plan: planSchema.parse({
          capsuleHash,
          params: { nodes: 3, latencyMs: [1, 5], packetLoss: 1 },
          chaos: { preset: 'crash-mid-deploy' },
          ...plan,
        }),
        keepRuns: false,
        concurrent: false,
        signal: NEVER,
        onEvent: () => undefined,
      }),
    deploy: (environment, capsule, signal = NEVER) =>
      deployCapsule(workspace, { environment, capsule, signal, listener }),
    keep: async () => {
      const kept = `${product.folder}.kept`;
      await cp(product.folder, kept, AS_IT_IS);
      kepts.push(kept);
      return async () => {
        await rm(product.folder, { recursive: true, force: true });
        await cp(kept, product.folder, AS_IT_IS);
        workspace = await workspaceNow();
        steps.length = 0;
        lines.length = 0;
      };
    },
    dispose: async () => {
      for (const kept of kepts) await rm(kept, { recursive: true, force: true });
      await product.dispose();
    },
  };
}

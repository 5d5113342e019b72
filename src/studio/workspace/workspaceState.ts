import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { readRegularText } from '../../base/regularFile.ts';
import type { WorkspaceState } from '../../model/api.ts';
import { hasEnvironments } from '../deploy/environments.ts';
import { describedHosts } from './hostsFile.ts';
import { signerOf } from './signers.ts';
import type { Studio } from '../studio.ts';

export const REGISTRY_FILE = 'mesh.services.json';

const namedSchema = z.object({ name: z.string() });

/** What a person sees first: which product this is, who signs, and why nothing may be run, if so. Creates nothing. */
export async function workspaceState(
  { workspace, simulations }: Studio,
  refusal: string | undefined,
): Promise<WorkspaceState> {
  const { folder } = workspace.paths;
  const { held } = simulations.lookedAt;
  const registry = path.join(folder, REGISTRY_FILE);
  const product = await productNameIn(registry);
  const signer = workspace.hasLedger() ? await ownSigner(workspace) : undefined;
  return {
    folder: path.basename(folder),
    ...(product === undefined ? {} : { product }),
    ...(signer === undefined ? {} : { signer }),
    hasRegistry: existsSync(registry),
    hasEnvironments: hasEnvironments(workspace),
    hasGit: isInGit(folder),
    ...(refusal === undefined ? {} : { refusal }),
    hosts: refusal === undefined ? Object.keys(await describedHosts(workspace.options.folder)) : [],
    running: simulations.running(),
    ...(held === undefined ? {} : { held }),
  };
}

async function ownSigner(workspace: Studio['workspace']): Promise<WorkspaceState['signer']> {
  const { capsule } = await workspace.keysPresent();
  if (capsule === undefined) return undefined;
  return signerOf(capsule.publicKey, await workspace.allowedSigners(), Date.parse(workspace.now()));
}

/** Undefined when the file is missing or is not a registry: its diagnostics say what is wrong with it. */
async function productNameIn(registry: string): Promise<string | undefined> {
  try {
    return namedSchema.parse(JSON.parse(await readRegularText(registry))).name;
  } catch {
    return undefined;
  }
}

/** A repository's folder, or a file in a worktree, here or in any folder above. */
function isInGit(folder: string): boolean {
  if (existsSync(path.join(folder, '.git'))) return true;
  const parent = path.dirname(folder);
  return parent !== folder && isInGit(parent);
}

import path from 'node:path';

/** Where a workspace keeps its data. Keys and the vault are never in here, see signing/configFolder. */
export interface WorkspacePaths {
  readonly folder: string;
  readonly data: string;
  readonly ledger: string;
  readonly objects: string;
  readonly capsules: string;
  readonly runs: string;
  /** A file for each exploration on real nodes, see runs/explorationRecord. */
  readonly explorations: string;
  readonly index: string;
  readonly buildCache: string;
  /** The run that others are compared with, where one is pinned. */
  readonly baseline: string;
  /** Locks of environments, and trees on their way to one. */
  readonly deploys: string;
}

export function workspacePaths(folder: string): WorkspacePaths {
  const data = path.join(path.resolve(folder), '.meshsim');
  return {
    folder: path.resolve(folder),
    data,
    ledger: path.join(data, 'ledger'),
    objects: path.join(data, 'objects'),
    capsules: path.join(data, 'objects', 'capsules'),
    runs: path.join(data, 'runs'),
    explorations: path.join(data, 'explorations'),
    index: path.join(data, 'index.json'),
    buildCache: path.join(data, 'cache', 'builds'),
    baseline: path.join(data, 'baseline.json'),
    deploys: path.join(data, 'deploys'),
  };
}

/** A Capsule's manifest as a plain file, for programs that know nothing of the object store. */
export function plainManifest(workspace: WorkspacePaths, capsuleHash: string): string {
  return path.join(workspace.capsules, capsuleHash, 'capsule.json');
}

/** What is recorded of one run. Its nodes live elsewhere, see runFolder. */
export interface RunPaths {
  readonly folder: string;
  readonly plan: string;
  readonly events: string;
  readonly capsim: string;
  /** There when a run ended whose record could not be signed. */
  readonly unsealed: string;
}

export function runPaths(workspace: WorkspacePaths, simId: string): RunPaths {
  const folder = path.join(workspace.runs, simId);
  return {
    folder,
    plan: path.join(folder, 'plan.json'),
    events: path.join(folder, 'events.jsonl'),
    capsim: path.join(folder, 'result.capsim'),
    unsealed: path.join(folder, 'unsealed.json'),
  };
}

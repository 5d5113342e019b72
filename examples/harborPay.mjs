import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'harbor-pay');
/** Of nobody in particular: the user's own name, hooks and signing key stay out of an example. */
const SETTINGS = [
  'init.defaultBranch=main',
  'core.autocrlf=false',
  'user.name=Harbour Master',
  'user.email=harbour@example.org',
  'commit.gpgSign=false',
];

/** Runs git in a folder and returns what it printed. Throws with git's own words. */
export function gitIn(folder, ...args) {
  const settings = SETTINGS.flatMap((one) => ['-c', one]);
  const result = spawnSync('git', [...settings, ...args], {
    cwd: folder,
    env: { ...process.env, GIT_CONFIG_GLOBAL: devNull },
    encoding: 'utf8',
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr.trim()}`);
  return result.stdout.trim();
}

/**
 * Makes `folder` a git repository that holds Harbor Pay in two commits: a run can be given the older one as a drift.
 * Returns the id of the older commit.
 */
export function prepareHarborPay(folder) {
  cpSync(SOURCE, folder, { recursive: true });
  gitIn(folder, 'init', '--quiet');
  gitIn(folder, 'add', '--all');
  gitIn(folder, 'commit', '--quiet', '--message', 'Harbor Pay 1.0');
  const older = gitIn(folder, 'rev-parse', 'HEAD');
  const orders = path.join(folder, 'services/orders/server.mjs');
  appendFileSync(orders, '\n// 1.1: same behaviour, another commit\n');
  gitIn(folder, 'commit', '--quiet', '--all', '--message', 'Harbor Pay 1.1');
  return older;
}

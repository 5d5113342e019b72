/** Harbor Pay as a git repository, for the extension, the demo, and the installer: that runs before `npm ci`, on Node.js 20. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Of nobody in particular: the user's own name, hooks and signing key stay out of an example. */
const SETTINGS = [
  'init.defaultBranch=main',
  'core.autocrlf=false',
  'user.name=Harbour Master',
  'user.email=harbour@example.org',
  'commit.gpgSign=false',
];

/** Runs git in a folder and returns what it printed. Throws with git's own words. */
export async function gitIn(folder, ...args) {
  // GIT_DIR and its like, set inside git hooks, lead to another repository.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
  };
  const { stdout } = await promisify(execFile)('git', args, { cwd: folder, env });
  return stdout.trim();
}

/**
 * What 1.1 changes: it keeps the season of an order, too. 1.0 passes over that, and 1.1 takes an order without one for one of summer:
 * there is a way back.
 */
const NEXT = [
  ['{ id, berth, hours, cents })}', '{ id, berth, season, hours, cents })}'],
  ['return JSON.parse(line)', "return { season: 'summer', ...JSON.parse(line) }"],
];

/** Makes a copy of harbor-pay a repository of two commits: a run can be given the older one as a drift, or be upgraded from it. */
export async function commitHarborPay(folder, git = gitIn) {
  const settings = SETTINGS.flatMap((one) => ['-c', one]);
  const commit = (version) =>
    git(folder, ...settings, 'commit', '--quiet', '--message', `Harbor Pay ${version}`);
  await git(folder, ...settings, 'init', '--quiet');
  await git(folder, ...settings, 'add', '--all');
  await commit('1.0');
  const store = path.join(folder, 'services/orders/store.mjs');
  const text = await readFile(store, 'utf8');
  await writeFile(
    store,
    NEXT.reduce((found, [was, is]) => found.replace(was, is), text),
  );
  await git(folder, ...settings, 'add', '--all');
  await commit('1.1');
}

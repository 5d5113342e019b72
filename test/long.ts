import { spawnSync } from 'node:child_process';

/** `npm test` with all cases of every sweep, and with every theme and width of the page. */
const { npm_execpath: npm } = process.env;
if (npm === undefined) throw new Error('Start it by "npm run test:long".');
const { status } = spawnSync(process.execPath, [npm, 'test'], {
  stdio: 'inherit',
  env: { ...process.env, MESH_SIM_SWEEPS: 'all', MESH_SIM_LOOKS: 'all' },
});
process.exitCode = status ?? 1;

import { checkOf, jsonService } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

const CHECK = `
import { ask } from './ask.mjs';
const key = Buffer.from(process.env.NODE).toString('base64');
const store = 'store:4000/v3/kv/';
if (process.env.MESH_SIM_WINDOW === 'before') await ask(store + 'put', { key, value: key });
const { kvs } = await ask(store + 'range', { key });
if (kvs?.[0].value !== key) throw new Error('what was written before is gone');
`;

/** The old version finds what it left where it left it, on a way back. */
const MIGRATE = `cd "$STATE"; test -L data || { mv data store && ln -s store data; }`;

/** A member of one etcd on each node. @param folder of the state that has its data */
function etcd(folder: string, migrate?: readonly string[]): Version {
  const start = [
    'etcd',
    '--name=${node.id}',
    `--data-dir=\${state}/${folder}`,
    '--listen-client-urls=http://0.0.0.0:${port:http}',
    '--advertise-client-urls=http://${node.address}:${port:http}',
    '--listen-peer-urls=http://${node.address}:${port:peer}',
    '--initial-advertise-peer-urls=http://${node.address}:${port:peer}',
    '--initial-cluster=${peers:store.peer|{id}=http://{host}:{port}}',
    '--heartbeat-interval=250',
    '--election-timeout=2500',
    '--log-level=error',
  ];
  const entry = {
    start,
    ports: { http: 4_000, peer: 4_001 },
    health: { http: { port: 'http', path: '/health' }, intervalMs: 20, deadlineMs: 120_000 },
    env: { PATH: '${host.path}' },
    ...(migrate && { migrate }),
  };
  return {
    services: [jsonService('store', '', { 'check.mjs': CHECK, 'migrate.sh': MIGRATE }, entry)],
    registry: { checks: [checkOf('store', 'what was written before is still there')] },
  };
}

export const DATA_FOLDER_MOVED: UpgradeFailure = {
  name: 'data-folder-moved',
  looksLike:
    'the new version looks for its data elsewhere, and its cluster refuses it without them',
  runsOn: 'etcd',
  programs: ['etcd'],
  old: etcd('data'),
  broken: etcd('store'),
  fixed: etcd('store', ['sh', 'migrate.sh']),
  foundBy: {
    invariant: 'upgraded-runs-signed-content',
    says: /"store" on n\d .*has already been bootstrapped/,
  },
};

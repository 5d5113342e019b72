import type { Gap } from '../sketch.ts';
import { isRecord, someOf, textOf, type Values } from '../sources/values.ts';

/** Read into the registry. */
const CARRIED = new Set([
  ...['build', 'image', 'command', 'entrypoint', 'environment', 'env_file', 'ports', 'expose'],
  ...['depends_on', 'healthcheck', 'profiles', 'container_name', 'hostname', 'links', 'networks'],
  ...['volumes', 'network_mode', 'working_dir'],
]);

/** Of no consequence in a rehearsal: how containers are named, watched and kept up. */
const HARMLESS = new Set([
  ...['restart', 'labels', 'logging', 'stdin_open', 'tty', 'init', 'platform', 'pull_policy'],
  ...['stop_grace_period', 'stop_signal', 'develop', 'annotations', 'attach', 'cpus', 'cpu_count'],
  ...['cpu_shares', 'mem_limit', 'mem_reservation', 'memswap_limit', 'pids_limit', 'shm_size'],
  ...['blkio_config', 'isolation', 'runtime', 'domainname', 'mac_address', 'scale'],
]);

const WHY: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  privileged: ['services get no privileges here', 'see that it runs without them'],
  cap_add: ['services get no capabilities here', 'see that it runs without them'],
  devices: ['devices of the machine are not handed to services', 'see that it runs without them'],
  user: ['services run as whoever starts the rehearsal', 'nothing, unless it depends on the user'],
  secrets: [
    'files below /run/secrets are not made',
    'name them as "secrets" of the service, which become variables',
  ],
  configs: ['files that compose mounts are not made', "commit them to the service's folder"],
  deploy: ['replicas and limits are not carried over', 'give a plan more nodes instead'],
  extra_hosts: ['names of further hosts are not added', 'write their addresses into env'],
  dns: ['name servers are those of the machine', 'nothing, unless it depends on them'],
  sysctls: ['settings of the kernel are not changed', 'see that it runs without them'],
  ulimits: ['limits are those of the machine', 'see that it runs with them'],
  tmpfs: ['no memory disk is mounted', 'use ${state} or a temporary folder'],
  read_only: ['the service may write into its folder', 'nothing'],
};

export function fieldGaps(service: Values, file: string, name: string, code: string): Gap[] {
  const place = `${file}, services.${name}`;
  const unknown = Object.keys(service)
    .filter((key) => !CARRIED.has(key) && !HARMLESS.has(key) && !key.startsWith('x-'))
    .map((key) => {
      const [what, remedy] = WHY[key] ?? [
        'it is not carried over',
        'see that the service runs without it',
      ];
      return { where: `${place}.${key}`, what, remedy };
    });
  return [...unknown, ...volumeGaps(service, place, code), ...networkGaps(service, place)];
}

export function harmlessFields(service: Values): string[] {
  return Object.keys(service).filter((key) => HARMLESS.has(key));
}

export interface Mount {
  readonly from: string;
  readonly to: string;
}

export function mountsOf(service: Values): Mount[] {
  return someOf(service.volumes).flatMap((entry) => {
    if (isRecord(entry)) {
      return [{ from: textOf(entry.source) ?? '', to: textOf(entry.target) ?? '' }];
    }
    const [from = '', to] = (textOf(entry) ?? '').split(':');
    return [to === undefined ? { from: '', to: from } : { from, to }];
  });
}

export function isFolderOfProduct({ from }: Mount): boolean {
  return /^\.{1,2}(\/|$)/.test(from);
}

/** A mount of the service's own source is what a rehearsal does anyway. */
function volumeGaps(service: Values, place: string, code: string): Gap[] {
  const isCode = ({ from }: Mount) => {
    const folder = from.replace(/^\.\//, '').replace(/\/$/, '') || '.';
    return (
      from !== '' &&
      (code === '.' || folder === code || folder === '.' || folder.startsWith(`${code}/`))
    );
  };
  return mountsOf(service)
    .filter((mount) => !(isFolderOfProduct(mount) && isCode(mount)))
    .filter(({ from, to }) => !(from === '' && to.includes('node_modules')))
    .map(({ from, to }) => ({
      where: `${place}.volumes`,
      what: `there is no ${to} in a rehearsal${from === '' ? '' : ` (it comes from ${from})`}`,
      remedy: 'let the service keep its data in ${state}, by a variable of env',
    }));
}

function networkGaps({ network_mode: mode }: Values, place: string): Gap[] {
  const text = textOf(mode);
  // All services of a node share its network, as they would the host's.
  if (text === undefined || text === 'host' || text === 'bridge' || text === 'default') return [];
  const what = `network_mode "${text}" is not carried over: all services of a node share one network`;
  return [{ where: `${place}.network_mode`, what, remedy: 'see that the service runs so' }];
}

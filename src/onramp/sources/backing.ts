import type { Command } from '../../model/registry.ts';
import { MARIADB } from './mariadb.ts';
import { POSTGRES } from './postgres.ts';

/** A database, queue or cache that products take from an image and machines have as a program. */
export interface Backing {
  readonly program: string;
  readonly port: number;
  /** How a service of its own is started; left out: it takes more than a command, such as a store that is made first. */
  readonly own?: OwnStart;
  /** What the image has in place of this program, where that is another one that speaks the same protocol. */
  readonly standsFor?: string;
}

export interface OwnStart {
  /** By its container's environment. With `${port:tcp}` for its port, `${port:p2380}` for a further one, and 0.0.0.0 where it listens. */
  readonly start: (environment: Environment) => Command;
  /** Says that it is ready; left out: it accepts connections when it is. */
  readonly health?: Command;
  /** Ports it takes besides its usual one. */
  readonly ports?: readonly number[];
  /** Whether options of a product's own may follow. */
  readonly takesOptions?: true;
  /** Variables of its image that are carried over or of no consequence, and what they may be. */
  readonly variables?: Readonly<Record<string, RegExp>>;
  readonly refusesRoot?: true;
}

/** Variable → value, as a container is given it. */
export type Environment = ReadonlyMap<string, string>;

/** Without a password it lets nobody in from other nodes, unless it is told to, as its image is. */
const REDIS = [
  ...['--port', '${port:tcp}', '--dir', '${state}'],
  ...['--bind', '0.0.0.0', '--protected-mode', 'no'],
];

/** One member: a cluster is of a product's own making. */
const ETCD = [
  ...['--data-dir', '${state}/data', '--listen-client-urls', 'http://0.0.0.0:${port:tcp}'],
  ...['--advertise-client-urls', 'http://${node.address}:${port:tcp}'],
  ...['--listen-peer-urls', 'http://127.0.0.1:${port:p2380}'],
  ...['--initial-advertise-peer-urls', 'http://127.0.0.1:${port:p2380}'],
  ...['--initial-cluster', 'default=http://127.0.0.1:${port:p2380}'],
];

const BACKINGS: readonly (readonly [image: RegExp, backing: Backing])[] = [
  [
    /^redis(-stack.*)?$/,
    {
      program: 'redis-server',
      port: 6379,
      own: { start: () => ['redis-server', ...REDIS], takesOptions: true },
    },
  ],
  [
    /^valkey$/,
    {
      program: 'valkey-server',
      port: 6379,
      own: { start: () => ['valkey-server', ...REDIS], takesOptions: true },
    },
  ],
  [
    /^memcached$/,
    {
      program: 'memcached',
      port: 11_211,
      own: {
        start: () => ['memcached', '-p', '${port:tcp}', '-l', '0.0.0.0', '-u', 'nobody'],
        takesOptions: true,
      },
    },
  ],
  [
    /^nats$/,
    {
      program: 'nats-server',
      port: 4222,
      own: {
        start: () => [
          'nats-server',
          '--addr',
          '0.0.0.0',
          '--port',
          '${port:tcp}',
          '--store_dir',
          '${state}',
        ],
        takesOptions: true,
      },
    },
  ],
  [
    /^etcd$/,
    { program: 'etcd', port: 2379, own: { start: () => ['etcd', ...ETCD], ports: [2380] } },
  ],
  [/^postgres(ql)?$/, { program: 'postgres', port: 5432, own: POSTGRES }],
  [/^(postgis|timescaledb)$/, { program: 'postgres', port: 5432 }],
  // MySQL's own server lets nobody in from elsewhere without accounts, whose passwords a registry would have to name.
  [/^(mysql|mysql-server)$/, { program: 'mariadbd', port: 3306, own: MARIADB, standsFor: 'MySQL' }],
  [/^mariadb$/, { program: 'mariadbd', port: 3306, own: MARIADB }],
  [
    /^mongo(db)?$/,
    {
      program: 'mongod',
      port: 27_017,
      own: {
        start: () => [
          ...['mongod', '--dbpath', '${state}', '--port', '${port:tcp}'],
          ...['--bind_ip', '0.0.0.0', '--nounixsocket'],
        ],
        takesOptions: true,
      },
    },
  ],
  [/^rabbitmq$/, { program: 'rabbitmq-server', port: 5672 }],
  [/^eclipse-mosquitto$/, { program: 'mosquitto', port: 1883 }],
];

/** `docker.io/library/redis:7-alpine` → `redis` */
export function imageName(image: string): string {
  const withoutTag = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return withoutTag.split('/').at(-1) ?? withoutTag;
}

/** `redis:7.2-alpine` → `7.2`; undefined: any version. */
export function imageVersion(image: string): string | undefined {
  return /:v?(\d+(?:\.\d+){0,2})(?:[-.\w]*)$/.exec(image.replace(/@.*$/, ''))?.[1];
}

export function backingOf(image: string): Backing | undefined {
  const name = imageName(image);
  return BACKINGS.find(([pattern]) => pattern.test(name))?.[1];
}

/** A database, queue or cache that products take from an image and machines have as a program. */
export interface Backing {
  readonly program: string;
  /** What installs it on Debian and with Homebrew. */
  readonly install: string;
  readonly port: number;
}

const BACKINGS: readonly (readonly [image: RegExp, backing: Backing])[] = [
  [/^redis(-stack.*)?$/, { program: 'redis-server', install: 'redis-server', port: 6379 }],
  [/^valkey$/, { program: 'valkey-server', install: 'valkey-server', port: 6379 }],
  [/^memcached$/, { program: 'memcached', install: 'memcached', port: 11_211 }],
  [/^nats$/, { program: 'nats-server', install: 'nats-server', port: 4222 }],
  [/^etcd$/, { program: 'etcd', install: 'etcd-server', port: 2379 }],
  [
    /^(postgres(ql)?|postgis|timescaledb)$/,
    { program: 'postgres', install: 'postgresql', port: 5432 },
  ],
  [/^(mysql|mysql-server)$/, { program: 'mysqld', install: 'mysql-server', port: 3306 }],
  [/^mariadb$/, { program: 'mariadbd', install: 'mariadb-server', port: 3306 }],
  [/^mongo(db)?$/, { program: 'mongod', install: 'mongodb', port: 27_017 }],
  [/^rabbitmq$/, { program: 'rabbitmq-server', install: 'rabbitmq-server', port: 5672 }],
  [/^eclipse-mosquitto$/, { program: 'mosquitto', install: 'mosquitto', port: 1883 }],
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

/** Databases, queues and caches by their program, and what brings them on Debian. */
const PACKAGES: Readonly<Record<string, string>> = {
  etcd: 'etcd-server',
  mariadbd: 'mariadb-server',
  memcached: 'memcached',
  mosquitto: 'mosquitto',
  mysqld: 'default-mysql-server',
  'nats-server': 'nats-server',
  postgres: 'postgresql',
  'rabbitmq-server': 'rabbitmq-server',
  'redis-server': 'redis-server',
  'valkey-server': 'valkey-server',
};

/** Undefined: nobody here knows, or Debian has none. */
export function debianPackageOf(program: string): string | undefined {
  return Object.hasOwn(PACKAGES, program) ? PACKAGES[program] : undefined;
}

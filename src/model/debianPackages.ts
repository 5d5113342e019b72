/** Databases, queues and caches of which a product names the program, and what installs it on Debian. */
const PACKAGES: Readonly<Record<string, string>> = {
  etcd: 'etcd-server',
  mariadbd: 'mariadb-server',
  mongod: 'mongodb',
  mysqld: 'mysql-server',
  postgres: 'postgresql',
};

/** Most are called as their program. */
export function debianPackageOf(program: string): string {
  return Object.hasOwn(PACKAGES, program) ? (PACKAGES[program] ?? program) : program;
}

/** What a node may live on: this machine, a machine that ssh reaches, a container, or a Pod. */
export const HOST_KINDS = ['local', 'ssh', 'docker', 'podman', 'kubernetes'] as const;
export type HostKind = (typeof HOST_KINDS)[number];

/** The name of this machine, which needs no entry in mesh.hosts.json. */
export const LOCAL_HOST = 'local';

/** Of a host in mesh.hosts.json. */
export const HOST_NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

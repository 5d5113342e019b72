import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attach } from './standInAttach.ts';
import { StandInPods, type Pod, type PodEvent } from './standInPods.ts';

/** The one namespace there is, besides those that are missing. */
export const NAMESPACE = 'mesh-sim';

/**
 * A stand-in for the API server of a cluster, for the real kubectl: it answers what kubectl asks for Pods, and starts processes of this
 * machine in the place of containers. It knows no other objects, checks no Pod but as far as tests go, and is no proof of how a cluster
 * behaves. Contexts of its kubeconfig: `dev`; `reader`, who may look alone; `watcher`, who may not attach; `stranger`, whom nobody knows;
 * `gone`, where nothing listens.
 */
export class StandInCluster {
  readonly pods: StandInPods;
  readonly kubeconfig: string;
  readonly folder: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(folder: string) {
    this.folder = folder;
    this.kubeconfig = path.join(folder, 'kubeconfig');
    this.pods = new StandInPods(path.join(folder, 'pods'));
  }

  static async start(): Promise<StandInCluster> {
    const cluster = new StandInCluster(await mkdtemp(path.join(tmpdir(), 'mesh-sim-cluster-')));
    const server = cluster.#server;
    server.on('upgrade', (request, socket, head) => {
      const { user, rest } = placeOf(request);
      const { namespace, name } = podPath(rest);
      const pod = cluster.pods.pod(namespace, name);
      const container = pod && cluster.pods.container(pod);
      if (user === 'watcher') {
        const body = JSON.stringify(forbidden(user, 'create', 'pods/attach').body);
        const lines = [
          'HTTP/1.1 403 Forbidden',
          'Content-Type: application/json',
          'Connection: close',
        ];
        socket.end([...lines, `Content-Length: ${body.length}`, '', body].join('\r\n'));
      } else if (container === undefined) socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      else attach(request, socket, head, container);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await writeFile(cluster.kubeconfig, cluster.#config());
    return cluster;
  }

  async stop(): Promise<void> {
    await this.pods.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  #config(): string {
    const { port } = this.#server.address() as AddressInfo;
    const at = (user: string) => ({ server: `http://127.0.0.1:${port}/as/${user}` });
    const users = ['dev', 'reader', 'watcher', 'stranger'];
    const clusters = [
      ...users.map((name) => ({ name, cluster: at(name) })),
      // The port of a server that has none.
      { name: 'gone', cluster: { server: 'http://127.0.0.1:1' } },
    ];
    return JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'dev' },
      clusters,
      users: [{ name: 'anyone', user: {} }],
      contexts: clusters.map(({ name }) => ({
        ...{ name, context: { cluster: name, user: 'anyone', namespace: NAMESPACE } },
      })),
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { user, rest } = placeOf(request);
    if (rest.searchParams.has('watch') && !rest.searchParams.has('sendInitialEvents')) {
      this.#watch(rest, response);
      return;
    }
    const { code, body } = await this.#said(request, user, rest);
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  async #said(request: IncomingMessage, user: string, rest: URL): Promise<Said> {
    const { method } = request;
    if (user === 'stranger') return failure(401, 'Unauthorized', 'Unauthorized');
    const known = DISCOVERY[rest.pathname];
    if (known !== undefined) return { code: 200, body: known };
    const { namespace, name, part } = podPath(rest);
    if (namespace === '') return failure(404, 'NotFound', 'not found');
    if (user === 'reader' && method !== 'GET') {
      return forbidden(user, method === 'DELETE' ? 'delete' : 'create', 'pods');
    }
    if (name === '' && method === 'POST') {
      return this.#create(namespace, JSON.parse(await bodyOf(request)) as Pod);
    }
    if (name === '') return this.#list(rest);
    const pod = this.pods.pod(namespace, name);
    if (pod === undefined) return failure(404, 'NotFound', `pods "${name}" not found`);
    if (part === 'attach') {
      return failure(400, 'BadRequest', 'this stand-in speaks websockets alone, not SPDY');
    }
    // Nothing was kept of what it said.
    if (part === 'log') return { code: 200, body: {} };
    if (method === 'DELETE') await this.pods.delete(pod);
    return { code: 200, body: pod };
  }

  #create(namespace: string, pod: Pod): Said {
    if (namespace !== NAMESPACE) {
      return failure(404, 'NotFound', `namespaces "${namespace}" not found`);
    }
    const lack = violation(pod);
    if (lack === undefined) return { code: 201, body: this.pods.create(namespace, pod) };
    const why = `pods "${pod.metadata.name}" is forbidden: violates PodSecurity "restricted:latest": ${lack}`;
    return failure(403, 'Forbidden', why);
  }

  #list(rest: URL): Said {
    if (rest.searchParams.has('watch')) {
      // As servers say that do not know it: kubectl lists, then.
      return failure(422, 'Invalid', 'sendInitialEvents is forbidden for watch');
    }
    const metadata = { resourceVersion: this.pods.version };
    const items = this.pods.all.filter(meantBy(rest));
    return { code: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata, items } };
  }

  #watch(rest: URL, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const isMeant = meantBy(rest);
    const tell = (event: PodEvent) => {
      if (isMeant(event.object)) response.write(`${JSON.stringify(event)}\n`);
    };
    const since = Number(rest.searchParams.get('resourceVersion') ?? '0');
    for (const object of this.pods.all) {
      if (Number(object.metadata.resourceVersion) > since) tell({ type: 'MODIFIED', object });
    }
    this.pods.on('event', tell);
    response.once('close', () => this.pods.off('event', tell));
  }
}

interface Said {
  readonly code: number;
  readonly body: object;
}

function podPath({ pathname }: URL) {
  const [, namespace = '', name = '', part = ''] =
    /^\/api\/v1\/namespaces\/([^/]+)\/pods(?:\/([^/]+)(?:\/(log|attach))?)?$/.exec(pathname) ?? [];
  return { namespace, name, part };
}

/** By namespace, name and the one label that is asked for. */
function meantBy(rest: URL): (pod: Pod) => boolean {
  const { namespace } = podPath(rest);
  const [label = ''] = (rest.searchParams.get('labelSelector') ?? '').split('=');
  const fields = rest.searchParams.get('fieldSelector') ?? '';
  const name = /metadata\.name=([^,]+)/.exec(fields)?.[1];
  return ({ metadata }) =>
    metadata.namespace === namespace &&
    (name === undefined || metadata.name === name) &&
    (label === '' || Object.hasOwn(metadata.labels ?? {}, label));
}

const verbs = ['create', 'delete', 'get', 'list', 'watch'];
const resource = (name: string) => ({
  name,
  singularName: '',
  namespaced: true,
  kind: 'Pod',
  verbs,
});
const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    ...{ kind: 'APIResourceList', groupVersion: 'v1' },
    resources: [
      { ...resource('pods'), singularName: 'pod', shortNames: ['po'] },
      resource('pods/attach'),
    ],
  },
  // kubectl asks for it where a Pod is missing.
  [`/api/v1/namespaces/${NAMESPACE}`]: {
    ...{ kind: 'Namespace', apiVersion: 'v1', metadata: { name: NAMESPACE } },
  },
  '/version': { major: '1', minor: '33', gitVersion: 'v1.33.0-stand-in' },
};

/** Who asks is the first part of the path: kubectl shows no token where there is no TLS. */
function placeOf({ url = '/' }: IncomingMessage): { readonly user: string; readonly rest: URL } {
  const [, user = '', rest = '/'] = /^\/as\/([a-z]+)(\/.*)$/.exec(url) ?? [];
  return { user, rest: new URL(rest, 'http://stand-in') };
}

function failure(code: number, reason: string, message: string): Said {
  const of = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return { code, body: { ...of, message, reason, code } };
}

function forbidden(user: string, verb: string, what: string): Said {
  const message = `pods is forbidden: User "${user}" cannot ${verb} resource "${what}" in API group "" in the namespace "${NAMESPACE}"`;
  return failure(403, 'Forbidden', message);
}

/** What of the Pod Security Standard "restricted" a Pod does not keep to, as far as this product could break it. */
function violation(pod: Pod): string | undefined {
  const { securityContext: ofPod = {}, ...spec } = pod.spec as unknown as {
    readonly securityContext?: {
      readonly runAsNonRoot?: boolean;
      readonly seccompProfile?: { readonly type: string };
    };
    readonly containers: readonly {
      readonly securityContext?: {
        readonly allowPrivilegeEscalation?: boolean;
        readonly capabilities?: {
          readonly drop?: readonly string[];
          readonly add?: readonly string[];
        };
        readonly privileged?: boolean;
      };
    }[];
  };
  if (ofPod.runAsNonRoot !== true) return 'runAsNonRoot != true';
  if (ofPod.seccompProfile?.type !== 'RuntimeDefault') return 'seccompProfile';
  if (['hostNetwork', 'hostPID', 'hostIPC'].some((name) => name in spec)) return 'host namespaces';
  const isOpen = spec.containers.some(
    ({ securityContext: own }) =>
      own?.allowPrivilegeEscalation !== false ||
      own.privileged === true ||
      own.capabilities?.drop?.includes('ALL') !== true ||
      (own.capabilities.add?.length ?? 0) > 0,
  );
  return isOpen ? 'allowPrivilegeEscalation != false or unrestricted capabilities' : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

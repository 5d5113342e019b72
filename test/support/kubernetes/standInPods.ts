import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { StandInContainer, type ContainerSpec } from './standInContainer.ts';

/** The one Node of the cluster that is stood in for. */
export const NODE_NAME = 'stand-in-node';
/** An image that no registry has. */
export const MISSING_IMAGE = 'registry.test/missing:1';
export const IMAGE_DIGEST = `sha256:${'5'.repeat(64)}`;

export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  metadata: {
    readonly name: string;
    namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    uid: string;
    creationTimestamp: string;
    resourceVersion: string;
  };
  readonly spec: {
    nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly containers: readonly ContainerSpec[];
  };
  status: Record<string, unknown> & { phase: string };
}

export interface PodEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Pod;
}

/** Pods of all namespaces, with a scheduler, a registry and a kubelet as small as tests need. */
export class StandInPods extends EventEmitter<{ event: [PodEvent] }> {
  readonly #folder: string;
  readonly #pods = new Map<string, Pod>();
  readonly #containers = new Map<string, StandInContainer>();
  #version = 1;

  constructor(folder: string) {
    super();
    this.#folder = folder;
    this.setMaxListeners(0);
  }

  get version(): string {
    return String(this.#version);
  }

  get all(): Pod[] {
    return [...this.#pods.values()];
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.#pods.get(`${namespace}/${name}`);
  }

  container(pod: Pod): StandInContainer | undefined {
    return this.#containers.get(pod.metadata.uid);
  }

  create(namespace: string, given: Pod): Pod {
    const pod = given;
    pod.metadata.namespace = namespace;
    pod.metadata.uid = randomUUID();
    pod.metadata.creationTimestamp = new Date().toISOString();
    pod.status = { phase: 'Pending' };
    this.#pods.set(`${namespace}/${pod.metadata.name}`, pod);
    this.#tell('ADDED', pod);
    setImmediate(() => this.#schedule(pod));
    return pod;
  }

  /** At once, whatever was asked for: with its processes. */
  async delete(pod: Pod): Promise<void> {
    this.#pods.delete(`${pod.metadata.namespace}/${pod.metadata.name}`);
    await this.#containers.get(pod.metadata.uid)?.remove();
    this.#containers.delete(pod.metadata.uid);
    this.#tell('DELETED', pod);
  }

  /** Its container is ended by the kernel, as of one that has reached its memory limit. */
  killForMemory(pod: Pod): void {
    pod.status.endsFor = 'OOMKilled';
    this.container(pod)?.kill();
  }

  evict(pod: Pod, message: string): void {
    Object.assign(pod.status, { reason: 'Evicted', message });
    this.container(pod)?.kill();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((pod) => this.delete(pod)));
  }

  #tell(type: PodEvent['type'], object: Pod): void {
    this.#version += 1;
    object.metadata.resourceVersion = this.version;
    this.emit('event', { type, object });
  }

  #schedule(pod: Pod): void {
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    const isPlaced = Object.keys(pod.spec.nodeSelector ?? {}).length === 0;
    const reason = isPlaced ? {} : { reason: 'Unschedulable', message };
    pod.status.conditions = [
      { type: 'PodScheduled', status: isPlaced ? 'True' : 'False', ...reason },
    ];
    if (isPlaced) pod.spec.nodeName = NODE_NAME;
    this.#tell('MODIFIED', pod);
    if (isPlaced) this.#start(pod);
  }

  #start(pod: Pod): void {
    const [spec] = pod.spec.containers;
    if (spec === undefined) return;
    const state = (phase: string, of: object, image: object = {}) => {
      pod.status.phase = phase;
      // kubectl attaches to a Pod that is ready.
      const isReady = phase === 'Running' ? 'True' : 'False';
      pod.status.conditions = [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: isReady },
      ];
      pod.status.containerStatuses = [{ name: spec.name, image: spec.image, ...image, state: of }];
      if (this.pod(pod.metadata.namespace, pod.metadata.name) === pod) this.#tell('MODIFIED', pod);
    };
    if (spec.image === MISSING_IMAGE) {
      const message = `Back-off pulling image "${spec.image}": not found`;
      state('Pending', { waiting: { reason: 'ImagePullBackOff', message } });
      return;
    }
    const [program = ''] = spec.command;
    if (path.isAbsolute(program) && !existsSync(program)) {
      const message = `failed to create containerd task: exec: "${program}": stat ${program}: no such file or directory`;
      state('Failed', { terminated: { reason: 'StartError', message, exitCode: 128 } });
      return;
    }
    const image = { imageID: `registry.test/node@${IMAGE_DIGEST}` };
    const folder = path.join(this.#folder, pod.metadata.uid);
    const container = new StandInContainer(spec, folder, (exitCode) => {
      const reason = pod.status.endsFor ?? (exitCode === 0 ? 'Completed' : 'Error');
      const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
      state(phase, { terminated: { reason, exitCode } }, image);
    });
    this.#containers.set(pod.metadata.uid, container);
    state('Running', { running: { startedAt: new Date().toISOString() } }, image);
  }
}

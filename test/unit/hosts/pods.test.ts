import assert from 'node:assert/strict';
import { hostsFileSchema, hostSpecSchema } from '../../../src/model/hosts.ts';
import { hostCommand } from '../../../src/runtime/hosts/remote/hostCommand.ts';
import {
  ended,
  hopeless,
  refusal,
  stillPending,
} from '../../../src/runtime/hosts/remote/kubernetes/podFailure.ts';
import {
  memoryOf,
  podSpec,
  type PodHost,
} from '../../../src/runtime/hosts/remote/kubernetes/podSpec.ts';
import { readPod, readPods } from '../../../src/runtime/hosts/remote/kubernetes/podState.ts';

const spec = hostSpecSchema.parse({
  ...{ kind: 'kubernetes', context: 'dev', namespace: 'mesh-sim', image: 'node:24' },
  ...{ memory: '512m', cpus: 0.5 },
}) as PodHost;
const hosting = { simId: 's', nodeId: 'n1', digest: 'd'.repeat(64), mostMs: 330_000 };
const place = { host: 'lab', spec, name: 'mesh-sim-s-n1' };

/** What a cluster says of a Pod whose container is in this state. */
function pod(status: object, container?: object, metadata: object = {}) {
  const containerStatuses = container && [{ name: 'node', state: container }];
  const read = readPod(
    JSON.stringify({
      metadata: { name: 'mesh-sim-s-n1', ...metadata },
      status: { ...status, containerStatuses },
    }),
  );
  assert.ok(read);
  return read;
}

describe('a Pod of a node', () => {
  it('has no rights on the cluster, and ends by itself', () => {
    const made = podSpec(spec, hosting).spec;
    assert.equal(made.restartPolicy, 'Never');
    assert.equal(made.activeDeadlineSeconds, 330);
    assert.equal(made.automountServiceAccountToken, false);
    assert.equal(made.securityContext.runAsNonRoot, true);
    const [container] = made.containers;
    assert.ok(container?.stdin && container.stdinOnce);
    assert.deepEqual(container.resources, { limits: { memory: '512Mi', cpu: '500m' } });
    assert.deepEqual(container.securityContext.capabilities, { drop: ['ALL'] });
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(made.volumes, [{ name: 'scratch', emptyDir: { medium: 'Memory' } }]);
  });

  it('is made and attached to by one kubectl, never by exec', () => {
    const { file, args } = hostCommand(spec, hosting);
    assert.equal(file, 'kubectl');
    assert.deepEqual(args.slice(0, 6), [
      ...['--context', 'dev', '--namespace', 'mesh-sim', 'run', 'mesh-sim-s-n1'],
    ]);
    assert.ok(!args.includes('exec') && !args.includes('--privileged') && !args.includes('--rm'));
  });

  it('is given memory in the units of a cluster, whose m is a thousandth', () => {
    const sizes = ['512m', '1g', '64k', '1000b', '1000'];
    assert.deepEqual(sizes.map(memoryOf), ['512Mi', '1Gi', '64Ki', '1000', '1000']);
  });

  it('is described by names that a cluster and a command line take', () => {
    const problem = (more: object) =>
      hostsFileSchema.safeParse({
        hosts: { lab: { kind: 'kubernetes', image: 'node:24', ...more } },
      }).error?.issues[0]?.message ?? '';
    assert.equal(problem({ context: 'arn:aws:eks:eu-1:12:cluster/dev' }), '');
    assert.equal(problem({ nodeSelector: { 'kubernetes.io/arch': 'amd64' } }), '');
    assert.match(problem({ context: '--kubeconfig=/x' }), /name of a context/);
    assert.match(problem({ namespace: 'Mesh_Sim' }), /name of a namespace/);
    assert.match(problem({ nodeSelector: { zone: 'a b' } }), /value of a label/);
    assert.match(problem({ node: 1 }), /string/);
  });

  it('is told from whatever else a cluster may say', () => {
    for (const json of ['', '{', 'null', '[]', '{"metadata":{"name":7}}', '{"status":{}}']) {
      assert.equal(readPod(json), undefined, json);
      assert.equal(readPods(json), undefined, json);
    }
    const old = '{"metadata":{"name":"x"},"status":{"phase":"Pending"},"more":{"a":1}}';
    assert.equal(readPod(old)?.status.phase, 'Pending');
  });
});

describe('why kubectl is no pipe to a Pod', () => {
  const cases: readonly [number | null, string, RegExp][] = [
    [
      null,
      'spawn kubectl ENOENT',
      /^There is no program "kubectl" on this machine .*: install it\.$/,
    ],
    [1, 'error: unknown flag: --pod-running-timeout\nSee ...\n', /^Your kubectl is too old/],
    [
      1,
      'error: context "dev" does not exist\n',
      /^Your kubeconfig has no context "dev" for lab: see/,
    ],
    [
      1,
      'E1130 23:08:52.736905   12368 memcache.go:265] x\nThe connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n',
      /^The cluster of lab cannot be reached \(The connection .*\): see that "kubectl --context dev --namespace mesh-sim get pods" answers\.$/,
    ],
    [
      null,
      'write EPIPEE1130 23:08:52.736905   12368 memcache.go:265] err="Get \\"http://x\\": dial tcp 127.0.0.1:1: connect: connection refused"\n',
      /^The cluster of lab cannot be reached \(dial tcp 127\.0\.0\.1:1: connect: connection refused\): see/,
    ],
    [
      1,
      'Unable to connect to the server: dial tcp: lookup k8s.test: no such host\n',
      /^The cluster of lab cannot be reached \(Unable/,
    ],
    [
      1,
      'error: You must be logged in to the server (Unauthorized)\n',
      /^lab does not know you \(.*\): log in until/,
    ],
    [
      1,
      'Error from server (Forbidden): pods is forbidden: User "me" cannot create resource "pods" in API group "" in the namespace "mesh-sim"\n',
      /^lab forbids it: you cannot create pods there \(.*\): ask for create, get/,
    ],
    [
      1,
      'Error from server (Forbidden): pods "x" is forbidden: exceeded quota: small\n',
      /^lab takes no such Pod \(pods "x" is forbidden: exceeded quota: small\): see quotas/,
    ],
    [
      1,
      'Error from server (NotFound): namespaces "nowhere" not found\n',
      /^lab has no namespace "nowhere": create it, or set "namespace"/,
    ],
    [
      null,
      `warning: couldn't attach to pod/x, falling back to streaming logs: pods "x" is forbidden: User "me" cannot create resource "pods/attach"\n`,
      /^lab does not let you attach to Pods \(.*\): ask for the verbs create and get of pods\/attach/,
    ],
  ];
  for (const [code, words, sentence] of cases) {
    it(`says: ${sentence.source.slice(0, 44)}`, () => {
      assert.match(refusal(place, { code, words }) ?? '', sentence);
    });
  }

  it('says nothing of what it does not know', () => {
    assert.equal(
      refusal(place, { code: 1, words: 'pod mesh-sim/x terminated (Error)\n' }),
      undefined,
    );
  });
});

describe('why a Pod is not there', () => {
  it('is that its image cannot be had, or has no Node.js', () => {
    const pulled = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "node:24"' };
    assert.match(
      hopeless(place, pod({}, { waiting: pulled })) ?? '',
      /^lab cannot have the image node:24 \(Back-off .*\): check "image"/,
    );
    const without = {
      reason: 'StartError',
      message: 'exec: "node": executable file not found in $PATH: unknown',
    };
    assert.match(
      hopeless(place, pod({}, { terminated: without })) ?? '',
      /^lab has no program "node" \(exec: .*\): use an image with Node\.js 22\.15 or newer/,
    );
    const barred = {
      reason: 'CreateContainerConfigError',
      message: 'container has runAsNonRoot and image will run as root',
    };
    assert.match(
      hopeless(place, pod({}, { waiting: barred })) ?? '',
      /^lab cannot start the container of the Pod mesh-sim-s-n1 \(CreateContainerConfigError: /,
    );
    assert.equal(hopeless(place, pod({}, { waiting: { reason: 'ContainerCreating' } })), undefined);
  });

  it('is what the scheduler says', () => {
    const conditions = [
      {
        ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
        message: '0/3 nodes are available: 3 Insufficient memory.',
      },
    ];
    assert.match(
      stillPending(place, pod({ conditions }), 90_000),
      /^lab found no Node for the Pod mesh-sim-s-n1 within 90 s \(0\/3 nodes are available: 3 Insufficient memory\): lower/,
    );
    assert.match(stillPending(place, undefined, 90_000), /^lab did not answer within 90 s: see/);
  });

  it('is what ended it', () => {
    const end = (of: ReturnType<typeof pod> | undefined, code: number | null = 1, words = '') =>
      ended(place, of, { code, words });
    const killed = { terminated: { reason: 'OOMKilled', exitCode: 137 } };
    assert.match(
      end(pod({}, killed)),
      /want of memory \(OOMKilled; its limit is 512m\): raise "memory"/,
    );
    assert.match(
      end(pod({ reason: 'Evicted', message: 'The node was low on resource: memory.' })),
      /^The Pod mesh-sim-s-n1 on lab was evicted \(The node was low on resource: memory\): see/,
    );
    assert.match(
      end(pod({ reason: 'DeadlineExceeded', message: 'too long' })),
      /longer deadline\.$/,
    );
    assert.match(end(undefined), /^The Pod mesh-sim-s-n1 on lab was deleted while it ran: /);
    assert.match(end(pod({}, undefined, { deletionTimestamp: 'x' })), /was deleted while it ran/);
    const old = { terminated: { reason: 'Error', exitCode: 91 } };
    const words = '12.22.12\npod mesh-sim/x terminated (Error)\n';
    assert.match(end(pod({}, old), 91, words), /^lab has Node\.js 12\.22\.12; 22\.15 or newer/);
    assert.match(
      end(pod({ phase: 'Running' }, {}), null, 'websocket: close 1006\n'),
      /^The connection to the Pod mesh-sim-s-n1 on lab was cut \(websocket: close 1006\): see/,
    );
  });
});

import * as z from 'zod/mini';
import { LOCAL_HOST } from './hostKinds.ts';
import { hostNameSchema } from './hostName.ts';
import { isSeen } from './names.ts';
import { sshAddress } from './sshAddress.ts';

export const HOSTS_FILE = 'mesh.hosts.json';
/** In the place of a path of Node.js: where a host has none that is new enough, it is sent there. */
export const SHIPPED = 'ship';

const common = {
  node: z
    .optional(z.string().check(z.regex(/^[^\0\n]+$/, 'must be the path of a program'), isSeen))
    .check(
      z.describe(
        'Node.js there; left out: the "node" that is found there; of ssh "ship": where that is missing or too old, it is sent there once',
      ),
    ),
  secrets: z
    ._default(z.boolean(), false)
    .check(z.describe('true: services that run there are given the secrets they name')),
};

/** What containers and Pods are made of, and what they may take. */
const boxed = {
  image: z
    .string()
    .check(
      z.maxLength(300),
      z.regex(/^[a-zA-Z0-9][^\s]*$/, 'must be an image, such as node:24@sha256:…'),
      isSeen,
      z.describe('has Node.js 22.15 or newer, and sh; name it with its digest'),
    ),
  memory: z.optional(
    z.string().check(z.regex(/^[1-9][0-9]*[bkmg]?$/, 'must be a size such as 512m or 1g')),
  ),
  cpus: z.optional(z.number().check(z.positive(), z.maximum(1_024))),
  ...common,
  node: common.node.check(
    z.refine((node) => node !== SHIPPED, 'cannot be "ship": an image has its own Node.js'),
  ),
};

const container = {
  context: z
    .optional(z.string().check(z.regex(/^[A-Za-z0-9][\w.+-]*$/, 'must be the name of a context')))
    .check(z.describe("of the engine's command line; left out: the current one")),
  ...boxed,
};

/** Names of objects and labels, as a cluster's API takes them (Kubernetes, "Object Names and IDs" and "Labels and Selectors"). */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

const pod = {
  context: z
    .optional(
      z
        .string()
        .check(
          z.maxLength(300),
          z.regex(/^[A-Za-z0-9][^\s\0]*$/, 'must be the name of a context'),
          isSeen,
        ),
    )
    .check(z.describe('of your kubeconfig; left out: the current one')),
  namespace: z
    .optional(z.string().check(z.regex(NAMESPACE, 'must be the name of a namespace')))
    .check(z.describe('Pods are made there; left out: the one of the context')),
  nodeSelector: z
    .optional(
      z.record(
        z.string().check(z.regex(LABEL, 'must be the name of a label')),
        z.string().check(z.regex(LABEL_VALUE, 'must be the value of a label')),
      ),
    )
    .check(z.describe("labels that the cluster's Node has to have")),
  ...boxed,
};

const WEAKENED =
  /^(stricthostkeychecking=(?!\s*(yes|ask)\s*$)|include=|knownhostscommand=|nohostauthenticationforlocalhost=|verifyhostkeydns=)/i;

/** Where a node may live: one schema for each kind but `local`. */
export const hostSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ssh'), ...sshAddress, ...common }).check(
    z.refine(({ options }) => !options.some((option) => WEAKENED.test(option)), {
      path: ['options'],
      message:
        'must not weaken the check of host keys: leave StrictHostKeyChecking, Include, KnownHostsCommand and the like out',
    }),
  ),
  z.strictObject({ kind: z.literal('docker'), ...container }),
  z.strictObject({ kind: z.literal('podman'), ...container }),
  z.strictObject({ kind: z.literal('kubernetes'), ...pod }),
]);

export const hostsFileSchema = z.strictObject({
  $schema: z.optional(z.string()),
  hosts: z.record(hostNameSchema, hostSpecSchema).check(
    z.refine((hosts) => !Object.hasOwn(hosts, LOCAL_HOST), {
      path: [LOCAL_HOST],
      message: `must not describe "${LOCAL_HOST}": that is this machine`,
    }),
  ),
});

export type HostSpec = z.infer<typeof hostSpecSchema>;
export type HostsFile = z.infer<typeof hostsFileSchema>;

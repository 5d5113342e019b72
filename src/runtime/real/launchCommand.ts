import { drawUint32 } from '../../base/random.ts';
import type { LaunchCommand } from '../../wire/control.ts';
import { registryPorts } from '../../agent/services/servicePorts.ts';
import type { DeniedAddresses } from '../../agent/guard/deniedAddresses.ts';
import { askedSeldom, askedServices, calledServices } from '../askedServices.ts';
import type { CompiledPlan } from '../../mesh/compiledPlan.ts';
import { distinctChunks } from '../../model/capsule.ts';
import { namedSecrets } from '../../model/namedSecrets.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { isPlacedOn, placesOf } from '../../model/placement.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { LinkTable } from '../../network/linkTable.ts';
import type { NodeDisks } from './disk/nodeDisks.ts';
import type { HostPaths } from '../hosts/hostedNode.ts';
import type { HealthyPlaces } from './healthyPlaces.ts';
import type { RealRunOptions } from './options.ts';
import {
  capsuleOf,
  capsuleOfVersion,
  checkingVersion,
  manifestsOf,
  runnableServices,
} from './runnableServices.ts';

export interface LaunchContext {
  readonly options: RealRunOptions;
  readonly compiled: CompiledPlan;
  /** Of the hosts that `options.guard` denies. */
  readonly deniedAddresses: DeniedAddresses;
  readonly servicePorts: ReadonlyMap<number, LaunchCommand['services']['servicePorts']>;
  readonly healthyPlaces: HealthyPlaces;
  readonly disks: NodeDisks;
  /** Of an upgrade: hosts offer the new Capsule already. */
  readonly isOffered?: () => boolean;
}

/** The node that has the Capsule when a run begins. */
export const SOURCE = 0;

/** All an agent is told at its start. Content and digests are not in it: it has to get and verify them. */
export function launchCommand(
  context: LaunchContext,
  index: number,
  paths: HostPaths,
  network: LaunchCommand['network'],
  life: { incarnation: number; heldBefore: readonly number[]; byzantine: boolean },
): LaunchCommand {
  const { options } = context;
  const { origin, folder } = paths;
  const { table, trees } = context.compiled;
  const neighbours = [...trees.neighboursOf(index)];
  const { count, parents, children } = trees.treesOf(index);
  const source = index === SOURCE;
  const asks = askedServices(manifestsOf(options), options.plan);
  const ofWire = askedServices(manifestsOf(options), options.plan, true);
  return {
    type: 'launch',
    nodeId: nodeIdOf(index),
    index,
    nodes: options.plan.params.nodes,
    incarnation: life.incarnation,
    network,
    origin,
    neighbours,
    trees: { count, parents: [...parents], children: children.map((one) => [...one]) },
    nextHops: [...trees.nextHopsOf(index)],
    asks,
    wireAsks: wireAsksOf(context.compiled, index, ofWire),
    askedSeldom: askedSeldom(manifestsOf(options)),
    chunkCount: distinctChunks(options.capsule.manifest).length,
    heldBefore: [...life.heldBefore],
    source,
    verify: options.plan.params.verifySignatures,
    byzantine: life.byzantine,
    plannedLoss: table.meanLoss,
    ...(table.paced ? { pace: paceOf(table, index, neighbours) } : {}),
    capsuleHash: options.capsule.capsuleHash,
    publicKey: options.publicKey,
    folder,
    ...(source || options.drifted.has(nodeIdOf(index))
      ? { offer: offerOf(options, index, paths) }
      : {}),
    ...upgradeOf(context, index, paths),
    services: {
      buildCacheFolder: paths.buildCacheFolder,
      toolCacheFolder: paths.toolCacheFolder,
      proxy: { ...paths.proxy },
      hostPath: paths.hostPath,
      servicePorts: context.servicePorts.get(index) ?? {},
      askedNames: capsuleOfVersion(options, 'old').manifest.services.map(({ name }) => name),
      askedPorts: askedPortsOf(context, ofWire),
      places: placesFor(context, index),
      healthyElsewhere: context.healthyPlaces.elsewhere(index),
      needsWire: options.plan.placement !== undefined,
      secrets: secretsFor(options, index),
      ...guardOf(context, paths),
      ...boxOf(context, paths),
      ...diskOf(context, index),
    },
  };
}

/** Packets of services are not handed on: over the wire a node reaches those it has links to, both ways. */
function wireAsksOf({ table }: CompiledPlan, index: number, asks: readonly number[][]) {
  const isJoined = (to: number) =>
    table.neighboursOf(index).includes(to) && table.neighboursOf(to).includes(index);
  return asks.map((services, to) => (isJoined(to) ? services : []));
}

/** As NodeIsolation gives them to services in a box. */
function askedPortsOf({ options, servicePorts }: LaunchContext, asks: readonly number[][]) {
  const { placement } = options.plan;
  return asks.map((asked, to) => {
    const { services } = capsuleOfVersion(options, 'old').manifest;
    const there = services.filter(({ name }) => isPlacedOn(placement, name, nodeIdOf(to)));
    const ports = registryPorts(services, there) ?? servicePorts.get(to) ?? {};
    const names = asked.flatMap((service) => services[service]?.name ?? []);
    return Object.fromEntries(names.map((name) => [name, ports[name] ?? {}]));
  });
}

function paceOf(table: LinkTable, index: number, neighbours: readonly number[]) {
  const specOf = (to: number) => table.modelOf(index, to)?.spec;
  const ups = neighbours.map((to) => specOf(to)?.lastMiles?.from?.upBitsPerSecond ?? 0);
  return {
    uplink: table.bandwidth.model === 'uplink' ? table.bandwidth.bitsPerMs : 0,
    links: neighbours.map((to) => (specOf(to)?.rateBitsPerSecond ?? 0) / 1_000),
    // Its own last mile is the same on each of its links.
    up: Math.max(0, ...ups) / 1_000,
    down: neighbours.map((to) => (specOf(to)?.lastMiles?.to?.downBitsPerSecond ?? 0) / 1_000),
  };
}

function offerOf(options: RealRunOptions, index: number, { storeFolder }: HostPaths) {
  return {
    capsuleHash: capsuleOf(options, index).capsuleHash,
    envelope: options.packEnvelope,
    storeFolder,
  };
}

function upgradeOf(
  { options, compiled, isOffered }: LaunchContext,
  index: number,
  { storeFolder }: HostPaths,
): Pick<LaunchCommand, 'upgrade'> {
  const { before } = options;
  if (before === undefined) return {};
  const { capsule, envelope, publicKey } = before;
  return {
    upgrade: {
      before: { capsuleHash: capsule.capsuleHash, publicKey, envelope, storeFolder },
      isOffered: isOffered?.() ?? false,
      checksFrom: checkingVersion(options),
      isBeside: startsBeside(options.plan.upgrade),
      looksAtState: compiled.schedule.some(
        ({ when }) =>
          'migrates' in when && when.since === 'changed' && when.migrates === nodeIdOf(index),
      ),
    },
  };
}

/** By service, the nodes that run it: each node has them in an order of its own, so that not all call the same one first. */
function placesFor({ options }: LaunchContext, index: number) {
  const { placement, params, seed } = options.plan;
  const order = (service: number) => (node: number) => drawUint32(seed, index, service, node);
  return Object.fromEntries(
    runnableServices(options, index).map(({ name }, service) => {
      const rank = order(service);
      const places = placesOf(placement, name, params.nodes);
      return [name, places.sort((one, other) => rank(one) - rank(other))];
    }),
  );
}

function guardOf(
  context: LaunchContext,
  { bundles }: HostPaths,
): Pick<LaunchCommand['services'], 'guard'> {
  const { options, deniedAddresses } = context;
  const called = calledServices(manifestsOf(options));
  const { deny } = options.guard;
  if (deny.length === 0 && called.length === 0) return {};
  return {
    guard: {
      hook: bundles.guard,
      deny: [...deny],
      addresses: {
        owners: { ...deniedAddresses.owners },
        unanswered: [...deniedAddresses.unanswered],
      },
      called,
    },
  };
}

function boxOf(
  { options }: LaunchContext,
  { bundles, cover }: HostPaths,
): Pick<LaunchCommand['services'], 'box'> {
  const { namespace, ports } = options.guard;
  if (namespace === 'off') return {};
  const { folders, uncovered } = cover;
  return {
    box: {
      door: bundles.door,
      relay: bundles.relay,
      ports: [...ports],
      cover: [...folders],
      uncovered,
      congestionControl: options.plan.tcp?.congestionControl,
    },
  };
}

function diskOf({ disks }: LaunchContext, index: number): Pick<LaunchCommand['services'], 'disk'> {
  const bytes = disks.bytesOf(index);
  return bytes === undefined ? {} : { disk: { bytes } };
}

/** Only what the services of this node and their builds name: the rest of the vault stays here. */
export function secretsFor(options: RealRunOptions, index: number): Record<string, string> {
  const { placement } = options.plan;
  const names = runnableServices(options, index)
    .filter(({ name }) => isPlacedOn(placement, name, nodeIdOf(index)))
    .flatMap((service) => namedSecrets(service).map(({ name }) => name));
  const known = names.flatMap((name) => {
    const value = options.secrets.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

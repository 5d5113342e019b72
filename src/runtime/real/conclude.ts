import { lowerBound } from '../../mesh/bound.ts';
import type { CompiledPlan } from '../../mesh/compiledPlan.ts';
import { disturbingFault } from '../../mesh/upgrade/connections.ts';
import { checkInvariants, objectivesMet, type ProcessesFound } from '../../mesh/invariants.ts';
import { distinctChunks, type Manifest } from '../../model/capsule.ts';
import type { HostedNodeReport } from '../../model/hostReport.ts';
import type { Isolation } from '../../model/isolation.ts';
import type { RunObservation } from '../../model/observation.ts';
import { isProgram } from '../../model/registry.ts';
import { objectivesOf, type ServiceMeasures } from '../../model/serviceMeasures.ts';
import { isDegraded } from '../../model/timingBudget.ts';
import { soundedServices, watchedServices } from '../askedServices.ts';
import type { RunObserver } from '../observe.ts';
import { invariantEvent } from '../invariantEvent.ts';
import type { RunRecorder } from '../recorder.ts';
import { networkReport } from './networkFacts.ts';
import { serviceEnvironment, serviceTraffic } from './serviceFacts.ts';
import { nodeFacts } from './nodeFacts.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { RealRunOptions } from './options.ts';
import type { Rehearsal } from './rehearsal.ts';
import { capsuleOfVersion, manifestsOf } from './runnableServices.ts';
import {
  judgedObjectives,
  servedOf,
  windowComparisons,
  windowIndicators,
} from './servedWindows.ts';
import type { SwitchReport } from './switch/control.ts';

export interface FinishedRun {
  readonly options: RealRunOptions;
  readonly compiled: CompiledPlan;
  readonly rehearsal: Rehearsal;
  readonly observer: RunObserver;
  readonly measures: ServiceMeasures;
  readonly recorder: RunRecorder;
  readonly now: () => number;
  readonly report: SwitchReport;
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly processes: ProcessesFound;
  /** Packets that devices of nodes dropped; null: not known of all. */
  readonly deviceDrops: number | null;
  /** Versions of the kernels that nodes had. */
  readonly kernels: readonly string[];
  /** Where nodes lived that did not live here. */
  readonly hosts: readonly HostedNodeReport[];
}

/** Nothing runs any more: checks the invariants, writes the last events and folds all into the observation. */
export function concludeRun(run: FinishedRun): RunObservation {
  const { options, rehearsal, observer, recorder, now, report } = run;
  const { manifest } = options.capsule;
  const surroundings = rehearsal.nodes.flatMap((node) => node.surroundings);
  const ran = serviceEnvironment(surroundings, run.kernels);
  const isWired = surroundings.some(({ wire }) => wire !== undefined);
  const objectives = objectivesOf(manifest.services);
  const indicators = objectives.flatMap((objective) => run.measures.indicator(objective) ?? []);
  const checked = checkInvariants({
    nodes: nodeFacts({
      nodes: rehearsal.nodes,
      trees: run.compiled.trees,
      manifestOf: ({ runs }) => capsuleOfVersion(options, runs).manifest,
      observer,
      refused: rehearsal.refused,
      isCut: (from, to) => rehearsal.chaos.isCut(from, to),
    }),
    programs: programsRan(rehearsal.nodes),
    unfired: rehearsal.chaos.director.unfired(),
    processes: contained(run.processes, ran.isolation),
    held: options.holdUp !== undefined,
  });
  const { upgrade } = rehearsal;
  const windows = upgrade === undefined ? [] : windowIndicators(objectives, run.measures);
  const manifests = manifestsOf(options);
  const ofUpgrade =
    upgrade?.invariants({
      ...servedOf(objectives, watchedServices(manifests), windows),
      sounded: soundedServices(manifests),
      answers: observer.answers,
      disturbedBy: disturbingFault(run.compiled.schedule),
    }) ?? [];
  const hasCrashed = rehearsal.nodes.some(
    ({ incarnation, status }) => incarnation > 0 || status === 'down',
  );
  const invariants =
    options.plan.failOnObjectives === true
      ? [
          ...checked,
          ...ofUpgrade,
          objectivesMet({
            ...judgedObjectives(objectives, manifests),
            ...{ indicators, hasCrashed },
            reasonsOf: (services) => rehearsal.loopbackOnly.sentencesOf(services),
          }),
        ]
      : [...checked, ...ofUpgrade];
  for (const invariant of invariants) recorder.emit(now(), invariantEvent(invariant));
  recorder.emit(now(), { type: 'run', status: 'finished' });
  const sizes = distinctChunks(manifest).map(({ size }) => size);
  const receivers = rehearsal.nodes.slice(1);
  const complete = receivers.every(({ kept, received }) => kept + received.size >= sizes.length);
  const network = {
    ...networkReport(
      report,
      lowerBound(run.compiled.table, sizes),
      rehearsal.effects.spread,
      complete,
    ),
    ...(isWired ? { services: serviceTraffic(report.services, run.deviceDrops) } : {}),
  };
  const degraded = isDegraded({ network, hosts: run.hosts });
  return observer.observe({
    endedAt: now(),
    ...programsUsed(manifest, rehearsal.nodes),
    ...(run.hosts.length === 0 ? {} : { hosts: run.hosts }),
    latencyMatrix: run.latencyMatrix,
    invariants,
    indicators,
    windowIndicators: windows,
    comparisons: windowComparisons(objectives, run.measures, windows, degraded),
    held: options.holdUp !== undefined,
    network,
    impaired: report.impaired,
    ...(isWired ? { impairedOfServices: report.services.impaired } : {}),
    events: recorder.seal(),
    environment: {
      os: process.platform,
      arch: process.arch,
      node: process.version,
      product: options.product,
      ...ran,
      degraded,
      ...(options.envFingerprint === undefined ? {} : { envFingerprint: options.envFingerprint }),
    },
  });
}

/** Left out where the Capsule has no program of the machine. */
function programsUsed(
  { services }: Manifest,
  nodes: readonly NodeRecord[],
): Pick<RunObservation, 'programs'> {
  if (!services.some((service) => isProgram(service))) return {};
  const programs = nodes.flatMap(({ id, programs }) =>
    [...programs]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([service, found]) => ({ nodeId: id, service, ...found })),
  );
  return { programs };
}

/** Services of which nothing was compared. */
function programsRan(nodes: readonly NodeRecord[]): string[] {
  return [...new Set(nodes.flatMap(({ programs }) => [...programs.keys()]))].sort();
}

/** What services started cannot outlive a whole box: then the search was for the rest alone. */
function contained(found: ProcessesFound, isolation: Isolation | undefined): ProcessesFound {
  return typeof found === 'string' || 'notLooked' in found || isolation !== 'full'
    ? found
    : { ...found, contained: true };
}

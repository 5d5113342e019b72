import * as copies from './copies.ts';
import * as delays from './delays.ts';
import * as environment from './environment.ts';
import * as faultReports from './faultReports.ts';
import * as faults from './faults.ts';
import * as faultTimes from './faultTimes.ts';
import * as hosts from './hosts.ts';
import * as indicators from './indicators.ts';
import * as invariants from './invariants.ts';
import * as losses from './losses.ts';
import * as matrix from './matrix.ts';
import * as network from './network.ts';
import * as outcome from './outcome.ts';
import * as phases from './phases.ts';
import * as placement from './placement.ts';
import * as plan from './plan.ts';
import * as programs from './programs.ts';
import * as recovery from './recovery.ts';
import type { Rule } from './rule.ts';
import * as services from './services.ts';
import * as spread from './spread.ts';
import * as strings from './strings.ts';
import * as times from './times.ts';
import * as upgradeChecks from './upgradeChecks.ts';
import * as upgradeComparisons from './upgradeComparisons.ts';
import * as upgradeNodes from './upgradeNodes.ts';
import * as upgradeOutcome from './upgradeOutcome.ts';
import * as upgradePlan from './upgradePlan.ts';
import * as upgradeServed from './upgradeServed.ts';
import * as upgradeWaves from './upgradeWaves.ts';
import * as upgradeWindows from './upgradeWindows.ts';

/** Every rule of docs/capsim.md, by concern, in its order. */
export const CHECKLIST: readonly Rule[] = [
  outcome.outcomeFollows,
  outcome.verdictIsTheOutcome,
  outcome.reportsEveryNode,
  outcome.testsFollow,

  copies.urlFits,
  copies.configurationFits,
  copies.planIsOfTheCapsule,
  copies.paramsAreThePlans,
  copies.linksPointBack,
  copies.eventsCoverTheReports,

  plan.planCanBeRun,

  upgradePlan.upgradeIsThePlans,
  upgradePlan.orderIsThePlans,
  upgradePlan.waysBackHaveAReason,
  upgradeWaves.wavesAreThePlans,
  upgradeWaves.wavesFollowEachOther,
  upgradeWaves.namesSwitchInWaves,
  upgradeWaves.restsAreThePlans,
  upgradeWindows.windowsDivideTheTime,
  upgradeWindows.windowsFitTheWaves,
  upgradeWindows.wavesFallIntoMixedWindows,
  upgradeWindows.noWindowIsMissing,
  upgradeNodes.movesFallIntoWaves,
  upgradeNodes.wavesMoveTheirNodes,
  upgradeNodes.namesSwitchWhenAllAreHealthy,
  upgradeNodes.failuresAreOfWaves,
  upgradeNodes.upgradesBeginHealthy,
  upgradeNodes.driftedNodesAreNotMoved,
  upgradeNodes.haltedNodesHaveACause,
  upgradeOutcome.upgradeOutcomeFollows,
  upgradeOutcome.passesAreCompleted,
  upgradeOutcome.wayBackFollows,
  upgradeOutcome.virtualUpgradesServeNobody,
  upgradeChecks.checksFollowWaves,
  upgradeChecks.failedChecksFailWaves,
  upgradeChecks.checksAreExplained,
  upgradeChecks.workloadRanOnANode,
  upgradeChecks.checksHeldFollows,
  upgradeServed.answersArePossible,
  upgradeServed.servedThroughoutFollows,
  upgradeComparisons.comparisonsFollow,
  upgradeComparisons.worseWindowsFail,

  hosts.nodesLivedWhereThePlanSays,
  hosts.clocksFitTheRoundTrips,
  hosts.arrivalsAreOfOtherNodes,
  hosts.pathsCarryWhatThePlanAsks,

  placement.placementIsOfTheCapsule,
  placement.servicesRanSomewhere,
  placement.servicesRanWhereTheyWerePlaced,

  programs.programsAreOfTheCapsule,
  programs.programsMeetTheirDemand,
  programs.programsAreNamed,

  phases.phasesAreReported,
  phases.phasesAreKnown,
  phases.phasesAreInOrder,
  phases.onlyFailuresAreExplained,
  phases.signaturesFollow,
  phases.driftIsFound,

  times.runEndsAfterItsStart,
  times.phasesFollowEachOther,
  times.contentComesFromTheEntry,
  times.measurementsFitIntoTheRun,

  recovery.recoveryNamesEveryNode,
  recovery.crashesAreKills,
  recovery.livesFollowCrashes,
  recovery.whatIsKeptSurvivedACrash,
  recovery.whatIsHeldCame,
  recovery.refusalsHaveACause,

  faults.faultsFallIntoTheRun,
  faults.restartsComeAfterKills,
  faults.damageShows,

  faultReports.faultsAreThePlans,
  faultTimes.faultTimesFit,
  faultTimes.triggersCameFirst,
  faultTimes.killsCutMigrations,
  faultTimes.livesBeginWithRestarts,
  faultTimes.killsFindWhatPhasesShow,
  faultReports.exercisedFaultsFired,
  faultReports.passedKillsEnded,
  faultReports.onlyFiredFaultsAct,
  faultReports.appliedFaultsCouldBe,
  faultReports.filledDisksWereSeen,
  faultReports.killsAreCrashes,
  faultReports.impairedPacketsWereSent,
  faultReports.impairedServicePacketsWereSent,
  faultReports.faultRefusalsWereRefused,

  invariants.judgesEveryInvariant,
  invariants.observesWhatItCan,
  invariants.heldNodesAreNotSearched,
  invariants.convergenceFollows,
  invariants.driftShows,
  invariants.refusalsAddUp,
  invariants.healthIsAskedLast,
  invariants.judgementsAreExplained,

  indicators.indicatorsAreMetOrMissed,
  indicators.indicatorsAreStatedOnce,
  indicators.indicatorsAreOfServices,
  indicators.indicatorsArePossible,
  indicators.probesWentAsTheyCould,
  indicators.virtualTimeMeasuresNoService,
  indicators.objectivesFollow,
  indicators.indicatorsAreOfWindows,

  network.linksAreThePlans,
  network.linksAreReportedOnce,
  network.greetingsWereSent,
  network.packetsAddUp,
  network.unreachableHasACause,
  network.contentHadAWay,

  losses.lossesHaveACause,
  losses.lossesAreThePlans,
  losses.lostPacketsWereDropped,
  losses.damagedChunksAreTheSchedules,

  delays.quantilesAreOrdered,
  delays.delaysAreOfPackets,
  delays.configuredDelaysAreThePlans,
  delays.achievedDelaysArePossible,
  delays.timingErrorIsPossible,

  services.servicesHaveAWire,
  services.servicePacketsAddUp,
  services.serviceLossesAreThePlans,

  spread.bandwidthModelIsThePlans,
  spread.lowerBoundFollows,
  spread.efficiencyFollows,
  spread.spreadIsPossible,
  spread.disseminationFollows,

  matrix.matrixIsSquare,
  matrix.matrixHasSense,
  matrix.rowsAreOfHealthyNodes,
  matrix.latenciesArePossible,
  matrix.realTimePasses,
  matrix.passingNodesHearEachOther,

  environment.fidelityIsTheWorlds,
  environment.degradedFollows,
  environment.virtualTimeHasNoSecrets,
  environment.isolationIsPossible,
  environment.environmentIsNamed,

  strings.stringsAreLegible,
];

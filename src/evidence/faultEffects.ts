import { scheduleOf } from '../model/chaosPresets.ts';
import type { EvidenceExtension } from '../model/evidence.ts';
import { kindOf, type EffectOf, type FaultKind } from '../model/faultKinds.ts';
import type { FaultReport } from '../model/faultReport.ts';
import type { FaultEffect } from '../model/faultSchemas.ts';
import { faultsWithoutEffect } from '../model/faultsWithoutEffect.ts';
import type { Fault } from '../model/plan.ts';

/** One fault of a run's schedule: whether it counts as chaos, and why, as the rest of a sentence. */
export interface FaultEffectFinding {
  readonly fault: number;
  /** As the plan calls it. */
  readonly effect: string;
  readonly hadEffect: boolean;
  readonly reason: string;
}

/**
 * Which faults of a run fired and had an effect. What the plan cannot bring about does not count, whatever is counted.
 * Evidence of schema v1 has no counts for each fault: there the nodes' recovery tells.
 */
export function faultEffects(evidence: EvidenceExtension): FaultEffectFinding[] {
  const idle = new Map(faultsWithoutEffect(evidence.plan).map(({ fault, why }) => [fault, why]));
  return scheduleOf(evidence.plan.chaos, evidence.plan.params.nodes).map((fault, index) => {
    const effect = kindOf(fault.do);
    const why = idle.get(index);
    if (why !== undefined) return { fault: index, effect, hadEffect: false, reason: why };
    const seen = 'faults' in evidence ? seenIn(evidence.faults[index]) : seenInV1(fault, evidence);
    return { fault: index, effect, ...seen };
  });
}

type Seen = Pick<FaultEffectFinding, 'hadEffect' | 'reason'>;

function seen(hadEffect: boolean, effect: string, none: string): Seen {
  return { hadEffect, reason: hadEffect ? effect : none };
}

type ReportOf<Kind extends FaultKind> = Extract<FaultReport, { effect: Kind }>;
type SeenByKind = { readonly [Kind in FaultKind]: (report: ReportOf<Kind>) => Seen };

interface Impaired {
  readonly impaired: number;
  readonly impairedOfServices?: number | undefined;
}

/** `did`: what it did to them. Packets of services count as those of the protocol do. */
function impairedSome(did: string): (report: Impaired) => Seen {
  return ({ impaired, impairedOfServices = 0 }) => {
    const ofServices = impairedOfServices > 0 ? ` and ${impairedOfServices} of services` : '';
    return seen(
      impaired + impairedOfServices > 0,
      `${did} ${impaired} packets${ofServices}`,
      `${did} no packet`,
    );
  };
}

const SEEN: SeenByKind = {
  kill: ({ booted, held }) => {
    const what = held > 0 ? `a node that held ${held} chunks` : 'a node that was up';
    return seen(booted || held > 0, `killed ${what}`, 'found no node that was up');
  },
  partition: impairedSome('cut off'),
  degradeLink: impairedSome('impaired'),
  slow: impairedSome('impaired'),
  corruptChunks: ({ impaired, refused }) =>
    seen(
      impaired > 0 && refused > 0,
      `damaged ${impaired} chunks`,
      'damaged no chunk that was refused',
    ),
  byzantine: ({ refused }) =>
    seen(
      refused > 0,
      `had ${refused} manifests and chunks refused`,
      'altered nothing that anybody refused',
    ),
  pause: ({ processes }) => seen(processes > 0, `paused ${processes} processes`, 'paused nothing'),
  killService: ({ processes, endedAt }) => {
    const back = endedAt === null ? 'which did not come back' : 'which came back healthy';
    return seen(
      processes > 0,
      `killed a service of ${processes} processes, ${back}`,
      'killed nothing',
    );
  },
  refuse: ({ packets }) => seen(packets > 0, `refused ${packets} packets`, 'refused no packet'),
  dns: ({ answers }) =>
    seen(answers > 0, `failed or delayed ${answers} answers`, 'met no question for a name'),
  fillDisk: ({ leastFree }) =>
    seen(
      leastFree === 0,
      'left no room on the disk of a node',
      `left ${leastFree ?? 'untold'} bytes on the disk of a node, and nothing used them up`,
    ),
};

function seenIn(report: FaultReport | undefined): Seen {
  if (report === undefined) return { hadEffect: false, reason: 'is not reported' };
  if (report.firedAt === null) return { hadEffect: false, reason: 'never fired' };
  if ('notApplied' in report && report.notApplied !== undefined) {
    return { hadEffect: false, reason: `could not be applied: ${report.notApplied}` };
  }
  return (SEEN[report.effect] as (of: FaultReport) => Seen)(report);
}

type SeenInV1 = {
  readonly [Kind in FaultKind]?: (effect: EffectOf<Kind>, evidence: EvidenceExtension) => Seen;
};

/** Of faults of links v1 says nothing: that packets found nobody, or that a link carried some, has other causes too. */
const SEEN_IN_V1: SeenInV1 = {
  kill: ({ kill }, { recovery, result }) => {
    const node = recovery.find(({ nodeId }) => nodeId === kill);
    const report = result.nodeReports.find(({ nodeId }) => nodeId === kill);
    const wasUp = (node?.kept ?? 0) > 0 || report?.phases[0]?.status === 'ok';
    return seen((node?.crashes ?? 0) > 0 && wasUp, 'killed a node', 'killed no node that was up');
  },
  corruptChunks: ({ corruptChunks: { to } }, { recovery }) => {
    const refused = recovery.find(({ nodeId }) => nodeId === to)?.refused ?? 0;
    return seen(refused > 0, `had ${refused} chunks refused`, 'damaged no chunk that was refused');
  },
  byzantine: ({ byzantine }, { recovery }) => {
    const others = recovery.filter(({ nodeId }) => nodeId !== byzantine);
    const refused = others.reduce((sum, node) => sum + node.refused, 0);
    return seen(
      refused > 0,
      `had ${refused} manifests and chunks refused`,
      'altered nothing that anybody refused',
    );
  },
};

/**
 * From what v1 counts per node, over the whole run: it cannot tell two faults of one kind apart. What cannot be checked does not
 * count: an older file must not prove more than one of today.
 */
function seenInV1({ do: effect }: Fault, evidence: EvidenceExtension): Seen {
  const look = SEEN_IN_V1[kindOf(effect)] as
    ((of: FaultEffect, by: EvidenceExtension) => Seen) | undefined;
  return (
    look?.(effect, evidence) ?? {
      hadEffect: false,
      reason: 'did what evidence of schema v1 does not say',
    }
  );
}

/** Whether a run had chaos that did something, and the sentence that says so: of all faults, if none of them did. */
export function chaosShown(evidence: EvidenceExtension): {
  readonly isEnough: boolean;
  readonly sentence: string;
} {
  const findings = faultEffects(evidence);
  if (findings.length === 0) return { isEnough: false, sentence: 'It had no chaos.' };
  const tell = ({ fault, effect, reason }: FaultEffectFinding) =>
    `fault ${fault} (${effect}) ${reason}`;
  const effective = findings.filter(({ hadEffect }) => hadEffect);
  return effective.length > 0
    ? { isEnough: true, sentence: `With chaos: ${effective.map(tell).join('; ')}.` }
    : {
        isEnough: false,
        sentence: `None of its faults had an effect, so it had no chaos: ${findings.map(tell).join('; ')}.`,
      };
}

import { printable } from '../../src/base/visibleText.ts';
import { homeWords, wayWords } from '../../src/model/home.ts';
import type { NodeView, RunView } from '../../src/model/runView.ts';
import { wordsFor, type FaultSpan } from './faultSpans.ts';
import type { SegmentKind } from './laneSegments.ts';
import type { CapsuleVersion } from '../../src/model/upgradeReport.ts';

/** What a node does, as its lane, its cell and its place on the ring show it. */
export type NodeKind = SegmentKind | 'waiting' | 'stopped';

/** How far a node is in what it does now. */
export interface NodeProgress {
  readonly nodeId: string;
  readonly kind: NodeKind;
  /** 0 to 1 of the phase. */
  readonly share: number;
  /** Such as "15/24"; empty where nothing is counted. */
  readonly count: string;
  /** Nodes it can not get the Capsule without, such as "n2"; empty where it waits for none. */
  readonly waitsFor: string;
  /** Turns that come before the one it waits for; -1 where it waits for none. */
  readonly turnsBefore: number;
  /** It boots again, after a crash. */
  readonly isBack: boolean;
  /** What faults do to its services, such as "paused, disk full"; empty where nothing. */
  readonly acting: string;
  /** The same where there is little room, such as "paused …". */
  readonly actingBrief: string;
  /** The services that the plan places there, such as "orders, web"; empty where it places none. */
  readonly runs: string;
  /** The host it lives on; empty: the machine that rehearses. */
  readonly host: string;
  /** What is known of that host, such as "edge (ssh, linux x64, Node.js v24), round trip 0.8 ms …"; empty likewise. */
  readonly home: string;
  /** Which Capsule of an upgrade it runs; undefined: there is only one, or it runs nothing yet. */
  readonly version: CapsuleVersion | undefined;
}

/** What a view does not say. */
export interface AroundNodes {
  /** Those a node is to start. */
  readonly services: (nodeId: string) => readonly string[];
  /** The plan says where services run. */
  readonly isPlaced: boolean;
  /** By node, those it waits for. */
  readonly waits: readonly (readonly string[])[];
  /** What faults do to services of a node, by its index. */
  readonly acting: (node: number) => readonly Pick<FaultSpan, 'label' | 'brief'>[];
  /** Which Capsule of an upgrade a node runs, by its index. */
  readonly version: (node: number) => CapsuleVersion | undefined;
}

/** How far each node of a view is. */
export function progressOf({ nodes, waiting }: RunView, around: AroundNodes): NodeProgress[] {
  return nodes.map((node, index) => {
    const { nodeId } = node;
    const services = around.services(nodeId);
    const { kind, share = 0, count = '' } = doing(node, services.length);
    const waitsFor = around.waits[index]?.join(', ') ?? '';
    const turnsBefore = waiting.findIndex((one) => one.nodeId === nodeId);
    const isBack = kind === 'boot' && node.crashes > 0;
    const runs = around.isPlaced ? services.join(', ') : '';
    const words = wordsFor(around.acting(index));
    const [acting = '', actingBrief = ''] = [words.at(0), words.at(-1)];
    return {
      ...{ nodeId, kind, share, count, waitsFor, turnsBefore, isBack },
      ...{ acting, actingBrief, runs, version: around.version(index) },
      host: node.home?.host ?? '',
      home: homeText(node),
    };
  });
}

/** A host says what it is itself: it may have written anything. */
function homeText({ home }: NodeView): string {
  return home === undefined ? '' : printable(`${homeWords(home)}, ${wayWords(home)}`);
}

type Doing = Pick<NodeProgress, 'kind'> & Partial<NodeProgress>;

function doing(node: NodeView, services: number): Doing {
  switch (node.state) {
    case 'waiting':
    case 'stopped':
      return { kind: node.state };
    case 'crashed':
      return { kind: 'down', share: 1 };
    case 'halted':
    case 'failed':
      return { kind: node.state, share: 1 };
    case 'ready':
      return { kind: 'healthy', share: 1 };
    case 'up':
      return inPhase(node, services);
  }
}

/** A node is healthy when it is READY; until then it is starting, whatever it checks already. */
function inPhase(
  { phase, chunksHave, chunksTotal, servicesUp }: NodeView,
  services: number,
): Doing {
  if (phase === 'receive' && chunksTotal > 0) return counted('receive', chunksHave, chunksTotal);
  if (phase === 'start' || phase === 'healthy') {
    return services === 0 ? { kind: 'start' } : counted('start', servicesUp.length, services);
  }
  return { kind: phase, share: phase === 'verify' ? 1 : 0 };
}

function counted(kind: NodeKind, have: number, total: number): Doing {
  return { kind, share: Math.min(1, have / total), count: `${have}/${total}` };
}

/** "receive 15/24", "paused", "waits for n2", "waits for its turn to start, 3 before it", "healthy". */
export function progressText(progress: NodeProgress): string {
  const { kind, count, waitsFor, turnsBefore, isBack, acting } = progress;
  if (acting !== '') return acting;
  if (waitsFor !== '') return `waits for ${waitsFor}`;
  if (turnsBefore === 0) return 'waits for its turn to start';
  if (turnsBefore > 0) return `waits for its turn to start, ${turnsBefore} before it`;
  if (isBack) return 'boot, restarted';
  return count === '' ? kind : `${kind} ${count}`;
}

/** "n2, healthy, runs the new Capsule, runs orders": what its shapes and colours say. */
export function accessibleText(progress: NodeProgress): string {
  const { nodeId, runs, home, version } = progress;
  const lives = home === '' ? '' : `lives on ${home}`;
  const capsule = version === undefined ? '' : `runs the ${version} Capsule`;
  const services = runs === '' ? '' : `runs ${runs}`;
  return [nodeId, progressText(progress), capsule, services, lives].filter(Boolean).join(', ');
}

/** Letters of a text that are seen beside a lane, or a node of the ring. */
const FITTING = 14;

/** The same, or in brief where what faults do takes more room than there is. */
export function fittingText(progress: NodeProgress): string {
  return progress.acting.length > FITTING ? progress.actingBrief : progressText(progress);
}

/** The same where there is little room: "15/24", "waits n2", "turn +3". */
export function briefText({
  kind,
  count,
  waitsFor,
  turnsBefore,
  actingBrief,
}: NodeProgress): string {
  if (actingBrief !== '') return actingBrief;
  if (waitsFor !== '') return `waits ${waitsFor}`;
  if (turnsBefore >= 0) return `turn +${turnsBefore}`;
  if (count === '') return kind;
  return kind === 'receive' ? count : `${kind} ${count}`;
}

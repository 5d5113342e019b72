import { countUntil, type Lane, type Segment, type SegmentKind } from '../run/laneSegments.ts';
import type { FaultStretch } from '../run/faultSpans.ts';
import type { PhaseVersion, VersionSpan } from '../run/upgradeSpans.ts';
import { paintFaults } from './laneFaults.ts';
import { laneY, xOf, type LaneScale } from './laneScale.ts';
import { paintVersions, VERSION_LINE } from './laneVersions.ts';
import { paintCrash, paintHalt, paintHatch, paintRestart, paintShield } from './marks.ts';
import type { DrawTheme } from './theme.ts';

type Ctx = CanvasRenderingContext2D;

const COLOURS: Record<SegmentKind, 'boot' | 'vio' | 'info' | 'warn' | 'ok' | 'err'> = {
  boot: 'boot',
  verify: 'vio',
  receive: 'info',
  start: 'warn',
  healthy: 'ok',
  stop: 'boot',
  migrate: 'info',
  down: 'err',
  halted: 'err',
  failed: 'err',
};
const STRIPE_PX = 7;
const TEXT_INSET = 6;
/** Clear of the disc of a crash, or of the arrow of a restart. */
const TEXT_INSET_AFTER_MARK = 14;

interface Bar {
  readonly kind: SegmentKind;
  /** ms, until live at most. */
  readonly start: number;
  readonly end: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  /** Its left end carries the arrow of a restart. */
  readonly isRestart: boolean;
}

/** What is drawn of one node. */
export interface DrawnLane {
  readonly lane: Lane;
  readonly faults: readonly FaultStretch[];
  /** What it runs while the mesh is upgraded, with the names of both Capsules; undefined: there is only one. */
  readonly upgrade:
    | {
        readonly versions: readonly VersionSpan[];
        readonly phases: readonly PhaseVersion[];
        readonly names: VersionNames;
      }
    | undefined;
}

/** Short hashes. */
export type VersionNames = Readonly<Record<VersionSpan['version'], string>>;

/**
 * One node's phases, what faults did to its services, what it runs, stored and verified, how it crashed and came back.
 * @param now nothing later is drawn, ms
 */
export function paintLane(
  ctx: Ctx,
  drawn: DrawnLane,
  node: number,
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  const { lane, faults, upgrade } = drawn;
  const down: Bar[] = [];
  for (const [index, segment] of lane.segments.entries()) {
    if (segment.start > now || segment.end < scale.from) continue;
    if (segment.kind === 'halted' || segment.kind === 'failed') continue;
    const isRestart = lane.segments[index - 1]?.kind === 'down';
    const bar = { ...barOf(segment, node, scale, now, theme), isRestart };
    if (bar.width < 0.5 || bar.x > scale.width) continue;
    if (bar.kind === 'down') down.push(bar);
    else paintPhase(ctx, bar, drawn, scale, theme);
  }
  paintFaults(ctx, faults, node, scale, now, theme);
  // A node that is down has no services to act on.
  for (const bar of down) paintDown(ctx, bar, theme);
  if (upgrade !== undefined) paintVersions(ctx, upgrade.versions, node, scale, now, theme);
  const below = upgrade === undefined ? 0 : VERSION_LINE.gap + VERSION_LINE.height;
  paintTicks(ctx, lane, node, { scale, below }, now, theme);
  paintTurns(ctx, lane.segments, node, scale, now, theme);
}

function barOf(
  { kind, start, end }: Segment,
  node: number,
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): Omit<Bar, 'isRestart'> {
  const last = Math.min(end, now);
  const x = xOf(scale, start);
  return {
    kind,
    start,
    end: last,
    x,
    y: laneY(scale, node) - scale.barHeight / 2,
    width: xOf(scale, last) - x,
    height: scale.barHeight,
    colour: theme[COLOURS[kind]],
  };
}

function paintPhase(
  ctx: Ctx,
  bar: Bar,
  drawn: DrawnLane,
  scale: LaneScale,
  theme: DrawTheme,
): void {
  const { kind, x, y, width, height, colour } = bar;
  ctx.fillStyle = theme.bg;
  ctx.fillRect(x, y, width, height);
  ctx.fillStyle = colour;
  ctx.globalAlpha = kind === 'healthy' ? theme.tint / 2 : theme.tint;
  ctx.fillRect(x, y, width, height);
  ctx.globalAlpha = 1;
  if (kind === 'receive') paintReceived(ctx, bar, drawn.lane, scale, theme);
  if (kind === 'start' && !theme.isHighContrast) {
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.35;
    ctx.lineWidth = 1;
    paintHatch(ctx, bar, STRIPE_PX);
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = colour;
  ctx.fillRect(x, y, width, 2);
  ctx.fillStyle = theme.bg;
  ctx.fillRect(Math.round(x) - 0.5, y, 1, height);
  if (theme.isHighContrast) outline(ctx, bar);
  paintWord(ctx, bar, wordsOf(bar, drawn), theme);
}

function outline(ctx: Ctx, { x, y, width, height, colour }: Bar): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1);
}

/** The share of the content a node holds, as steps that rise from the bar's foot. */
function paintReceived(ctx: Ctx, bar: Bar, lane: Lane, scale: LaneScale, theme: DrawTheme): void {
  const { x, y, width, height } = bar;
  if (lane.chunksTotal === 0) return;
  const foot = y + height;
  const levelOf = (have: number): number => foot - (height - 2) * (have / lane.chunksTotal);
  let index = countUntil(lane.chunkAt, bar.start - 0.001);
  let level = levelOf(index === 0 ? 0 : heldBefore(lane, index));
  ctx.beginPath();
  ctx.moveTo(x, foot);
  ctx.lineTo(x, level);
  for (; index < lane.chunkAt.length; index += 1) {
    const at = lane.chunkAt[index] ?? 0;
    // The last chunk is told in the same instant as the end of the phase.
    if (at > bar.end) break;
    const step = xOf(scale, at);
    ctx.lineTo(step, level);
    level = levelOf(lane.chunkHave[index] ?? 0);
    ctx.lineTo(step, level);
  }
  ctx.lineTo(x + width, level);
  ctx.lineTo(x + width, foot);
  ctx.closePath();
  ctx.fillStyle = bar.colour;
  ctx.globalAlpha = theme.isHighContrast ? 0.35 : 0.5;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** What a node held when this phase began: after a restart, what it kept of what it had, less its next chunk. */
function heldBefore(lane: Lane, index: number): number {
  return Math.max(0, (lane.chunkHave[index] ?? lane.chunkHave.at(-1) ?? 0) - 1);
}

function wordsOf(bar: Bar, { lane, upgrade }: DrawnLane): readonly string[] {
  const { kind } = bar;
  if (upgrade !== undefined && (kind === 'start' || kind === 'healthy' || kind === 'stop')) {
    const version = upgrade.phases.findLast(({ start }) => start <= bar.start)?.version;
    if (version === undefined) return [kind];
    return [`${kind} ${version} ${upgrade.names[version]}`, `${kind} ${version}`, kind];
  }
  if (kind !== 'receive' || lane.chunksTotal === 0) return [kind];
  const have = lane.chunkHave[countUntil(lane.chunkAt, bar.end) - 1] ?? 0;
  return [`receive ${have}/${lane.chunksTotal}`, 'receive'];
}

/** The longest of the texts that fits. */
function paintWord(ctx: Ctx, bar: Bar, words: readonly string[], theme: DrawTheme): void {
  const left = Math.max(bar.x, 0);
  const room = bar.x + bar.width - left;
  const inset = bar.isRestart ? TEXT_INSET_AFTER_MARK : TEXT_INSET;
  const fit = words.find((word) => ctx.measureText(word).width + inset + 4 <= room);
  if (fit === undefined) return;
  if (bar.kind === 'start' || theme.isHighContrast) {
    const width = ctx.measureText(fit).width;
    ctx.fillStyle = theme.bg;
    ctx.globalAlpha = theme.isHighContrast ? 1 : 0.6;
    ctx.fillRect(left + inset - 3, bar.y + 3, width + 6, bar.height - 4);
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = theme.fg;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(fit, left + inset, bar.y + bar.height / 2 + 1.5);
}

function paintDown(ctx: Ctx, bar: Bar, theme: DrawTheme): void {
  const { x, y, width, height } = bar;
  ctx.fillStyle = theme.bg;
  ctx.fillRect(x, y, width, height);
  ctx.strokeStyle = theme.err;
  ctx.lineWidth = 1;
  ctx.globalAlpha = theme.isHighContrast ? 1 : 0.55;
  paintHatch(ctx, bar, 5);
  ctx.globalAlpha = 0.8;
  outline(ctx, bar);
  ctx.globalAlpha = 1;
  const text = `down ${Math.round(bar.end - bar.start)} ms`;
  const textWidth = ctx.measureText(text).width;
  const left = Math.max(x, 0);
  if (textWidth + TEXT_INSET_AFTER_MARK + 14 > x + width - left) return;
  ctx.fillStyle = theme.bg;
  ctx.fillRect(left + TEXT_INSET_AFTER_MARK - 2, y + 1, textWidth + 8, height - 2);
  ctx.fillStyle = theme.fg;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillText(text, left + TEXT_INSET_AFTER_MARK + 2, y + height / 2 + 0.5);
}

/** Below the bar: a tick per verified chunk, a stronger one per service that came up. Above it: a shield per hop. */
function paintTicks(
  ctx: Ctx,
  lane: Lane,
  node: number,
  { scale, below }: { readonly scale: LaneScale; readonly below: number },
  now: number,
  theme: DrawTheme,
): void {
  const foot = laneY(scale, node) + scale.barHeight / 2 + below;
  ctx.fillStyle = theme.ok;
  let lastX = -1;
  const first = countUntil(lane.chunkAt, scale.from - 0.001);
  for (let index = first; index < lane.chunkAt.length; index += 1) {
    const at = lane.chunkAt[index] ?? 0;
    if (at > Math.min(now, scale.to)) break;
    const x = Math.round(xOf(scale, at));
    if (x === lastX) continue;
    ctx.fillRect(x - 0.5, foot + 1, 1, 3);
    lastX = x;
  }
  ctx.fillStyle = theme.warn;
  for (const at of lane.servicesUp) {
    if (at <= now) ctx.fillRect(Math.round(xOf(scale, at)) - 0.75, foot, 1.5, 4.5);
  }
  for (const { at, isValid } of lane.hops) {
    if (at > now) break;
    const y = laneY(scale, node) - scale.barHeight / 2 - 7;
    paintShield(ctx, xOf(scale, at), y, isValid, theme);
  }
}

/** Where a node crashed, came back, or stopped for good. */
function paintTurns(
  ctx: Ctx,
  segments: readonly Segment[],
  node: number,
  scale: LaneScale,
  now: number,
  theme: DrawTheme,
): void {
  const y = laneY(scale, node);
  segments.forEach(({ kind, start }, index) => {
    if (start > now) return;
    const x = xOf(scale, start);
    if (kind === 'down') paintCrash(ctx, x, y, theme);
    else if (kind === 'halted' || kind === 'failed') paintHalt(ctx, x, y, kind, theme);
    else if (segments[index - 1]?.kind === 'down') paintRestart(ctx, x, y, theme);
  });
}

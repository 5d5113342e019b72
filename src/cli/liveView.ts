import type { GoingBuild } from '../model/buildWatch.ts';
import { PHASES } from '../model/plan.ts';
import type { NodeView, RunView } from '../model/runView.ts';
import { padVisible, type Paint } from './paint.ts';
import { serviceLine } from './terminalText.ts';

const ENTRY_NODE = 'n0';
const BAR = 16;
const COUNT = 9;
const MAX_LISTED_NODES = 10;

/** The live picture of a run on a terminal: one line per node, the build that goes on, then the counters. Pure. */
export function liveView(
  view: RunView,
  width: number,
  paint: Paint,
  building?: GoingBuild,
): string[] {
  const nodes = view.nodes.slice(0, MAX_LISTED_NODES).map((node) => nodeLine(node, paint));
  const lost = view.packetsSent === 0 ? 0 : (100 * view.packetsLost) / view.packetsSent;
  const counters = [
    `${seconds(view.at)} s`,
    paint('bold', `READY ${view.ready}/${view.nodes.length}`),
    `hops ${view.hopsValid} valid${view.hopsInvalid > 0 ? paint('red', `, ${view.hopsInvalid} invalid`) : ''}`,
    `packets ${view.packetsSent}, ${lost.toFixed(1)} % lost`,
  ].join('  ');
  const builds = building === undefined ? [] : [buildLine(building, view.at, paint)];
  return [...nodes, ...builds, counters].map((line) => clip(line, width));
}

function buildLine({ nodeId, service, since, line }: GoingBuild, at: number, paint: Paint): string {
  const said = line === '' ? '' : `  ${paint('dim', serviceLine(line))}`;
  return `${nodeId} builds ${service}, ${seconds(at - since)} s${said}`;
}

function nodeLine(node: NodeView, paint: Paint): string {
  const [glyph, word] = stateOf(node, paint);
  return `${glyph} ${node.nodeId.padEnd(3)} ${padVisible(word, 9)} ${chunkBar(node, paint)} ${phaseTrack(node, paint)}`;
}

/** How much of the Capsule the node holds; n0 is where it comes from. */
function chunkBar({ nodeId, chunksHave, chunksTotal }: NodeView, paint: Paint): string {
  if (nodeId === ENTRY_NODE) return padVisible(paint('dim', 'origin'), BAR + COUNT + 1);
  const filled = chunksTotal === 0 ? 0 : Math.round((chunksHave / chunksTotal) * BAR);
  const bar = paint('blue', '━'.repeat(filled)) + paint('dim', '─'.repeat(BAR - filled));
  const count = chunksTotal === 0 ? '' : `${chunksHave}/${chunksTotal}`;
  return `${bar} ${count.padEnd(COUNT)}`;
}

function stateOf(node: NodeView, paint: Paint): [string, string] {
  switch (node.state) {
    case 'ready':
      return [paint('green', '●'), paint('green', 'healthy')];
    case 'crashed':
      return [paint('red', '✕'), paint('red', 'down')];
    case 'halted':
      return [paint('red', '⬢'), paint('red', 'halted')];
    case 'failed':
      return [paint('red', '✕'), paint('red', 'failed')];
    case 'waiting':
    case 'stopped':
      return [paint('dim', '○'), paint('dim', node.state)];
    case 'up':
      return [paint('yellow', '◐'), node.phase];
  }
}

/** "boot 0.12  verify 0.03 …": how long each finished phase took, in seconds. */
function phaseTrack(node: NodeView, paint: Paint): string {
  const done = PHASES.flatMap((phase) => {
    const { start, end } = node.phaseTimes[phase];
    return start < 0 || end < 0 ? [] : [`${phase} ${seconds(end - start)}`];
  });
  return paint('dim', done.join('  '));
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function clip(line: string, width: number): string {
  let visible = 0;
  let clipped = '';

  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b')) clipped += part;
    else {
      clipped += part.slice(0, Math.max(0, width - visible));
      visible += part.length;
    }
  }
  return clipped;
}

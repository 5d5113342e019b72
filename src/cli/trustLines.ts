import type { GraphNode, ProvenanceGraph } from '../model/provenanceApi.ts';
import { treeRows, upgradeSubject } from '../studio/provenance/provenanceText.ts';
import type { Paint, Style } from './paint.ts';

const MARKS: Record<GraphNode['status'], readonly [mark: string, style: Style]> = {
  proven: ['✔', 'green'],
  failed: ['✖ failed', 'red'],
  refused: ['⊘ refused', 'red'],
  unproven: ['? UNPROVEN', 'yellow'],
};

/** The chain of trust as a tree. Below a Capsule: the rehearsed upgrades that lead to it. Pure. */
export function trustLines(graph: ProvenanceGraph, paint: Paint): string[] {
  const { problem, next } = graph;
  return [
    ...(problem === undefined
      ? []
      : [
          paint(['bold', 'red'], `The ledger is broken: ${problem}`),
          'Entries may be missing here, and none from the break on is proven.',
        ]),
    ...treeRows(graph).flatMap(({ branch, node }) => {
      const indent = paint('dim', branch.replace('├', '│').replaceAll(/[└─]/g, ' '));
      const more = [...upgradesTo(graph, node, paint), ...failedRules(node, paint)];
      return [
        `${paint('dim', branch)}${nodeLine(node, paint)}`,
        ...more.map((line) => `${indent}    ${line}`),
      ];
    }),
    ...(next === undefined ? [] : [`… and older entries before ${next}.`]),
  ];
}

function nodeLine(node: GraphNode, paint: Paint): string {
  const [mark, style] = MARKS[node.status];
  const glass = node.isBreakGlass === true ? ` ${paint(['bold', 'red'], 'GLASS BROKEN')}` : '';
  const facts = paint('dim', `entry ${node.index}, ${node.at}`);
  return `${paint(style, mark)} ${paint('bold', node.title)}${glass}  ${node.lines[0] ?? ''}  ${facts}`;
}

function upgradesTo(graph: ProvenanceGraph, { id }: GraphNode, paint: Paint): string[] {
  return graph.upgrades
    .filter(({ to }) => to === id)
    .map((edge) => {
      const [mark, style] = MARKS[edge.status];
      return `${paint(style, mark)} ${upgradeSubject(graph, edge)}: ${edge.sentence}`;
    });
}

function failedRules({ rules = [] }: GraphNode, paint: Paint): string[] {
  return rules
    .filter(({ status }) => status === 'failed')
    .map(({ rule, sentence }) => `${paint('red', rule)}  ${sentence}`);
}

import type { UsedProgram } from './requiredProgram.ts';

const SHORT_DIGEST = 12;

/** One line for each file that services ran as a program of the machine, with the nodes it ran on. */
export function programWords(programs: readonly UsedProgram[]): string[] {
  const byFile = new Map<string, { line: string; digest: string; nodes: string[] }>();
  for (const { nodeId, service, path, version, sha256 } of programs) {
    const line = `${service}: ${path}${version === undefined ? '' : ` ${version}`}`;
    const key = `${line} ${sha256}`;
    const known = byFile.get(key);
    if (known === undefined) byFile.set(key, { line, digest: sha256, nodes: [nodeId] });
    else known.nodes.push(nodeId);
  }
  return [...byFile.values()].map(
    ({ line, digest, nodes }) =>
      `${line} on ${nodes.join(', ')} (SHA-256 ${digest.slice(0, SHORT_DIGEST)}…)`,
  );
}

import type { AppendedEntry } from '../../ledger/ledger.ts';
import type { UpgradeEdge } from '../../model/provenanceApi.ts';
import type { DescribedRun } from '../runs/describeRun.ts';
import { problemAlong, type Link } from './provenanceChain.ts';

/** A rehearsed upgrade whose both Capsules the ledger has packs of. */
export interface UpgradeStep {
  readonly before: AppendedEntry;
  readonly after: AppendedEntry;
  readonly evidence: Link;
  readonly run: DescribedRun;
}

/**
 * The upgrades that runs of a graph rehearsed, each pair of Capsules once, by its newest evidence.
 * @param described links and what they say, newest first @param entries of the whole ledger
 */
export function upgradeSteps(
  described: readonly { readonly link: Link; readonly run: DescribedRun }[],
  entries: readonly AppendedEntry[],
): UpgradeStep[] {
  const steps = new Map<string, UpgradeStep>();
  for (const { link, run } of described) {
    const after = link.parent;
    const before = packBefore(run, link, entries);
    if (before === undefined || after === undefined) continue;
    const pair = `${before.leafHash} ${after.leafHash}`;
    if (!steps.has(pair)) steps.set(pair, { before, after, evidence: link, run });
  }
  return [...steps.values()];
}

function packBefore(
  { upgrade }: DescribedRun,
  { appended }: Link,
  entries: readonly AppendedEntry[],
): AppendedEntry | undefined {
  if (upgrade === undefined) return undefined;
  return entries.findLast(
    ({ index, entry }) =>
      entry.kind === 'pack' && entry.capsuleHash === upgrade.from && index < appended.index,
  );
}

/** @param links of the evidence, of both packs, and of all that they rest on */
export function upgradeEdge(
  { before, after, evidence, run }: UpgradeStep,
  links: ReadonlyMap<number, Link>,
): UpgradeEdge {
  const ends = { from: before.leafHash, to: after.leafHash, evidence: run.runId };
  const pack = links.get(before.index);
  const ofPack = pack && problemAlong(pack, links);
  const problem = problemAlong(evidence, links) ?? ofPack;
  if (problem !== undefined) return { ...ends, status: 'unproven', sentence: problem };
  const name = `Simulation ${run.simId?.slice(0, 8) ?? ''}`;
  if (run.status === 'fail') {
    return {
      ...ends,
      status: 'failed',
      sentence: `${name} rehearsed it and failed: ${run.summary}`,
    };
  }
  const way = run.upgrade?.wentBack === true ? ', there, back and there again' : '';
  const sentence = `${name} rehearsed it${way}; signature, digests and ledger proof hold.`;
  return { ...ends, status: 'proven', sentence };
}

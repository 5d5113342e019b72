import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { MeshSimError } from '../../base/errors.ts';
import { readRegistry } from '../../capsule/registryFile.ts';
import type { Draft } from '../../onramp/draft.ts';
import type { Plan } from '../../model/plan.ts';
import { packWorkspace, type PackedCapsule } from '../../studio/capsules/packCapsule.ts';
import { parsePlan } from '../../studio/runs/planFile.ts';
import { openWorkspace, paintOf, type CommandContext } from '../commandContext.ts';
import { gapLines } from '../draftLines.ts';
import { terminalText } from '../terminalText.ts';
import { collect } from './init.ts';
import { UNCOMMITTED } from './pack.ts';
import { runPlan } from '../runPlan.ts';
import { addRunOptions, type RunFlags } from './simulate.ts';

/** A first look: few nodes, a near network, and time for services that need theirs to start. */
const PLAN = { params: { nodes: 3, latencyMs: [5, 20] }, deadlineMs: 900_000 };

/** Of a plan that is only looked at. */
const ANY_HASH = '0'.repeat(64);

interface TryFlags extends RunFlags {
  readonly from?: string;
  readonly profile?: readonly string[];
  readonly nodes?: string;
}

export function addTryCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('try')
    .summary("rehearse somebody's own repository, from nothing to sealed evidence")
    .description(
      'Drafts mesh.services.json if there is none (as init), packs what is committed, and rehearses it on a few nodes.\nNo file of the product is edited.',
    )
    .option('--from <file>', 'draft from this compose file, Procfile or manifest')
    .option('--profile <name>', 'take the services of a compose profile too; repeatable', collect)
    .option('--nodes <n>', '2 to 10 nodes', '3');
  addRunOptions(command).action((flags: TryFlags) => tryProduct(context, flags));
}

async function tryProduct(context: CommandContext, flags: TryFlags): Promise<void> {
  // Loaded this late: what reads a product's files is needed by few commands.
  const { assertCommitted, draftProduct, REGISTRY_FILE, writeRegistry } =
    await import('../../studio/onramp/draftProduct.ts');
  const { assertPrograms } = await import('../../studio/onramp/assertPrograms.ts');
  const { workspace: folder, from, profile: profiles = [] } = flags;
  const { signal } = context;
  // What is wrong with a flag is said before anything is written.
  planOf(flags, ANY_HASH);
  await assertCommitted(folder, signal);
  const registryFile = path.resolve(folder, REGISTRY_FILE);
  const isThere = existsSync(registryFile);
  if (isThere && from !== undefined) {
    throw new MeshSimError(
      'usage',
      `There is a ${registryFile} already, so --from ${from} would not be read: leave --from out, or remove the file.`,
    );
  }
  const draft = isThere
    ? undefined
    : await draftProduct(context, { folder, from, profiles, signal });
  if (draft !== undefined) await writeRegistry(folder, draft.text, false);
  let packed: PackedCapsule;
  try {
    const { registry } = await readRegistry(registryFile);
    assertPrograms(context, registry);
    packed = await packWorkspace(openWorkspace(context, folder), {
      registryFile,
      allowDirty: true,
      signal,
    });
  } catch (error) {
    // Either it is rehearsed, or nothing of ours is left beside the product's files.
    if (draft !== undefined) await rm(registryFile, { force: true });
    throw error;
  }
  tell(context, draft, packed, registryFile);
  const plan = planOf(flags, packed.capsule.capsuleHash);
  const informed = { ...context, environment: { ...knownSecrets(draft), ...context.environment } };
  const ran = openWorkspace(informed, folder);
  const capsimFile = await runPlan(context, ran, () => Promise.resolve(plan), flags);
  if (flags.quiet !== true && flags.json !== true) tellNext(context, capsimFile);
}

/** Below the outcome, whatever it is: the evidence says as much of a failed run. */
function tellNext(context: CommandContext, capsimFile: string | undefined): void {
  if (capsimFile === undefined) return;
  const file = path.relative('.', capsimFile);
  const next = [
    `Verify it anywhere: oai-verify-sim --file ${file}`,
    `Read it as a page: mesh-sim report ${file}`,
  ];
  for (const line of next) context.stderr.write(`${terminalText(line)}\n`);
}

/** @throws MeshSimError `plan-invalid` */
function planOf({ nodes }: TryFlags, capsuleHash: string): Plan {
  const params = { ...PLAN.params, nodes: Number(nodes) };
  return parsePlan({ ...PLAN, params, capsuleHash }, 'plan');
}

/** Secrets of a file that is not in git go to this run, and nowhere else. */
function knownSecrets(draft: Draft | undefined): Record<string, string> {
  const values = [...(draft?.secretValues ?? [])];
  return Object.fromEntries(values.map(([name, value]) => [`MESH_SIM_SECRET_${name}`, value]));
}

/** On stderr: with --json the events on stdout are read by programs. */
function tell(
  context: CommandContext,
  draft: Draft | undefined,
  { capsule }: PackedCapsule,
  file: string,
): void {
  const say = (line: string) => context.stderr.write(`${terminalText(line)}\n`);
  const { manifest, capsuleHash } = capsule;
  if (draft !== undefined) {
    for (const line of gapLines(draft.gaps, paintOf(context))) say(line);
    say(`Wrote ${file}.`);
  }
  const names = manifest.services.map(({ name }) => name).join(', ');
  say(`Packed ${names} as ${capsuleHash.slice(0, 12)}.`);
  const dirty = (manifest.dirty ?? []).filter((name) => name !== path.basename(file));
  if (dirty.length > 0) {
    const named = dirty.slice(0, 3).join(', ');
    say(
      `${dirty.length} files differ from their commit (${named}): what is rehearsed is the commit.`,
    );
  }
  if (manifest.dirty !== undefined) say(UNCOMMITTED);
}

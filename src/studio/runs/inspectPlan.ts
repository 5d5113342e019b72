import { MeshSimError, messageOf } from '../../base/errors.ts';
import { faultsWithoutEffect, idleFaultSentence } from '../../model/faultsWithoutEffect.ts';
import { compilePlan } from '../../mesh/compiledPlan.ts';
import { assertServicesPlaced } from '../../mesh/placementRules.ts';
import { planSchema, type Plan } from '../../model/plan.ts';
import { isSpread } from '../../model/hostPlacement.ts';
import { requireHosts } from '../../runtime/hosts/requireHosts.ts';
import { JsonText, type FileProblem, type JsonPath } from '../workspace/fileProblem.ts';
import { readHosts } from '../workspace/hostsFile.ts';
import { findCapsule } from '../capsules/findCapsule.ts';
import { capsuleBefore } from './capsuleBefore.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * What the JSON Schema of plans cannot say: bounds that depend on each other, chaos and topology that name nodes the plan
 * does not have, Capsules this workspace does not hold, faults that cannot have an effect.
 */
export async function inspectPlan(text: string, workspace: Workspace): Promise<FileProblem[]> {
  const json = JsonText.parse(text);
  if (json === undefined) return [];
  const parsed = planSchema.safeParse(json.value);
  if (!parsed.success) return json.beyondSchema(parsed.error, 'plan-invalid');
  const problems: FileProblem[] = [];
  const tell = (at: JsonPath, error: unknown): void => {
    const code = error instanceof MeshSimError ? error.code : 'internal';
    problems.push(json.problem(at, code, messageOf(error)));
  };
  try {
    compilePlan(parsed.data);
    problems.push(...idleFaultsOf(json, parsed.data));
  } catch (error) {
    tell(placeOf(messageOf(error)), error);
  }
  const signed = await findCapsule(workspace, parsed.data.capsuleHash).catch((error: unknown) =>
    tell(['capsuleHash'], error),
  );
  if (signed) {
    await capsuleBefore(workspace, parsed.data, signed).catch((error: unknown) =>
      tell(['upgrade', 'from'], error),
    );
  }
  try {
    if (signed && problems.length === 0) {
      assertServicesPlaced(compilePlan(parsed.data), signed.capsule.manifest.services);
    }
  } catch (error) {
    tell(placeOf(messageOf(error)), error);
  }
  const hosts = await hostsProblem(workspace, parsed.data);
  if (hosts !== undefined) problems.push(json.warning(['hosts'], 'plan-invalid', hosts));
  return problems;
}

/** A command may be given another file of hosts than the workspace's, so this is no more than a warning. */
async function hostsProblem({ options }: Workspace, plan: Plan): Promise<string | undefined> {
  if (!isSpread(plan.hosts, plan.params.nodes)) return undefined;
  try {
    requireHosts(plan, await readHosts(options.folder));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The faults of a preset are not in the text: its name is. */
function idleFaultsOf(json: JsonText, plan: Plan): FileProblem[] {
  const hasOwn = plan.chaos.faults.length > 0;
  return faultsWithoutEffect(plan).map((idle) => {
    const at: JsonPath = hasOwn ? ['chaos', 'faults', idle.fault] : ['chaos', 'preset'];
    return json.warning(at, 'fault-without-effect', idleFaultSentence(idle));
  });
}

/** The sentence says which fault or placement it is about, or that it is about the upgrade or the topology. */
function placeOf(sentence: string): JsonPath {
  const placed = /^The placement of "([^"]+)"/.exec(sentence)?.[1];
  if (placed !== undefined) return ['placement', placed];
  if (sentence.startsWith('The upgrade of this plan')) return ['upgrade'];
  const fault = /^chaos fault (\d+)/.exec(sentence)?.[1];
  return fault === undefined ? ['topology'] : ['chaos', 'faults', Number(fault)];
}

import { testNames } from '../../../src/evidence/testNames.ts';
import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import type { GenuineName } from '../genuineRuns.ts';
import { set, type JsonEdit } from '../jsonEdit.ts';

/** A statement that is false in one respect; all that follows from it is made to agree, and everything is signed again. */
export interface FalseStatement {
  readonly name: string;
  readonly of: GenuineName;
  /** What the verifier says of it, among other things perhaps. */
  readonly says: RegExp;
  readonly edits: readonly JsonEdit[];
}

export const E = 'predicate.meshsim_evidence.';
export const R = `${E}result.`;
export const CHAOS = 'a pass with chaos';
export const FAIL = 'a fail';
export const VIRTUAL = 'a virtual pass';
export const UPGRADE = 'a virtual upgrade';
export const at = (node: number, phase: number) => `${R}nodeReports.${node}.phases.${phase}`;
export const link = (field: string, value: unknown) => set(`${E}network.links.0.${field}`, value);
export const plan = (field: string, value: unknown) => set(`${E}plan.${field}`, value);
export const recovery = (node: number, field: string, value: unknown) =>
  set(`${E}recovery.${node}.${field}`, value);
export const fault = (index: number, field: string, value: unknown) =>
  set(`${E}plan.chaos.faults.${index}.${field}`, value);

export function one(
  of: GenuineName,
  name: string,
  says: RegExp,
  ...edits: JsonEdit[]
): FalseStatement {
  return { of, name, says, edits };
}

/** Makes the copies agree: tests, verdict, configuration. What is false stays so. */
export function agreeing(edits: readonly JsonEdit[]): JsonEdit {
  return (root) => {
    for (const edit of edits) edit(root);
    const { predicate } = root as EvidenceStatement;
    const { result, invariants } = predicate.meshsim_evidence;
    const params = canonicalBytes(result.params);
    Object.assign(predicate, testNames(result.nodeReports, invariants), {
      result: result.outcome === 'pass' ? 'PASSED' : 'FAILED',
      configuration: [
        {
          ...predicate.configuration[0],
          digest: { sha256: sha256Hex(params) },
          content: Buffer.from(params).toString('base64'),
        },
      ],
    });
  };
}

export function drop(root: unknown, path: string, from: number, count = 1): void {
  const list = path
    .split('.')
    .reduce<unknown>((node, key) => Reflect.get(node as object, key), root);
  (list as unknown[]).splice(from, count);
}

export function allTo(to: string, change: object): JsonEdit {
  return (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    for (const report of network.links) if (report.to === to) Object.assign(report, change);
  };
}

export function everyLink(change: object): JsonEdit {
  return (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    for (const report of network.links) Object.assign(report, change);
  };
}

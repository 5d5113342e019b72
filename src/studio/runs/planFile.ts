import * as z from 'zod/mini';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { readRegularText } from '../../base/regularFile.ts';
import { planSchema, type Plan } from '../../model/plan.ts';

/**
 * Checks a plan from outside, wherever it came from.
 * @param source what the sentence calls it, for example a file name
 * @throws MeshSimError `plan-invalid`: every problem with its path
 */
export function parsePlan(value: unknown, source: string): Plan {
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MeshSimError('plan-invalid', `${source}: ${describeIssues(parsed.error)}`);
}

/** "params.nodes: …; seed: …": one line for all issues of a schema. */
export function describeIssues(error: z.core.$ZodError): string {
  return error.issues
    .map((issue) => {
      const path = issue.path.map(String).join('.');
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    })
    .join('; ');
}

/** @throws MeshSimError `plan-invalid` when the file is missing or is not a JSON object */
export async function readPlanFile(file: string): Promise<Record<string, unknown>> {
  return readJsonObject(file, 'plan-invalid', 'a plan');
}

/** @throws MeshSimError with `code` when the file is missing or is not a JSON object */
export async function readJsonObject(
  file: string,
  code: 'plan-invalid' | 'usage',
  what: string,
): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readRegularText(file);
  } catch (error) {
    throw new MeshSimError(code, `${file} cannot be read as ${what} (${messageOf(error)}).`);
  }
  const refuse = (reason: string): MeshSimError =>
    new MeshSimError(code, `${file} is not ${what} in JSON: ${reason}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  if (!object.success) throw refuse('it must hold one object');
  return object.data;
}

import path from 'node:path';
import { targetProblems } from '../../deploy/targetProblems.ts';
import { environmentsSchema } from '../../model/environments.ts';
import { JsonText, sentenceOf, type FileProblem } from '../workspace/fileProblem.ts';

/**
 * What the JSON Schema of environments cannot say, such as an endpoint pattern that matches every host, or two environments
 * in one place.
 * @param file where the text is, or will be, saved
 */
export async function inspectEnvironments(text: string, file: string): Promise<FileProblem[]> {
  const json = JsonText.parse(text);
  if (json === undefined) return [];
  const parsed = environmentsSchema.safeParse(json.value);
  if (parsed.success) {
    const problems = await targetProblems(parsed.data, path.dirname(file));
    return problems.map(({ path: at, clause }) =>
      json.problem(at, 'environments-invalid', sentenceOf(clause)),
    );
  }
  return json.beyondSchema(parsed.error, 'environments-invalid');
}

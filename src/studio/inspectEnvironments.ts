import { environmentsSchema } from '../model/environments.ts';
import { JsonText, type FileProblem } from './fileProblem.ts';

/** What the JSON Schema of environments cannot say, such as an endpoint pattern that matches every host. */
export function inspectEnvironments(text: string): FileProblem[] {
  const json = JsonText.parse(text);
  const issues = environmentsSchema.safeParse(json?.value).error?.issues ?? [];
  if (json === undefined) return [];
  return issues
    .filter(({ code }) => code === 'custom')
    .map(({ path, message }) => {
      const at = path.map((part) => (typeof part === 'symbol' ? String(part) : part));
      const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
      return json.problem(at, 'environments-invalid', sentence);
    });
}

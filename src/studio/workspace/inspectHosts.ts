import { hostsFileSchema } from '../../model/hosts.ts';
import { JsonText, type FileProblem } from './fileProblem.ts';

/** What the JSON Schema of hosts cannot say, such as an option of ssh that weakens the check of host keys. No host is asked. */
export function inspectHosts(text: string): FileProblem[] {
  const json = JsonText.parse(text);
  if (json === undefined) return [];
  const parsed = hostsFileSchema.safeParse(json.value);
  return parsed.success ? [] : json.beyondSchema(parsed.error, 'hosts-invalid');
}

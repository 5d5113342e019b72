import { issueProblem } from '../capsule/schemaProblem.ts';
import { hostDemandSchema, type HostDemand } from '../model/hostDemand.ts';

const FORM =
  'write how many nodes must have lived elsewhere, such as 2, or what the gate knows, such as minRemote=2,kinds=local+ssh,platform=linux/arm64';

/**
 * What `--require-hosts` asks for: a count of nodes elsewhere, or the keys of the gate's `hosts`.
 * @param usage refuses the command line with this sentence
 */
export function hostDemandOf(text: string, usage: (problem: string) => never): HostDemand {
  const given = /^\d+$/.test(text) ? { minRemote: Number(text) } : demandsIn(text, usage);
  const parsed = hostDemandSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const problem = first === undefined ? FORM : issueProblem(first, given, 'it');
  return usage(`--require-hosts ${text} asks for nothing that can be: ${problem}.`);
}

function demandsIn(text: string, usage: (problem: string) => never): Record<string, unknown> {
  const demands: Record<string, unknown> = {};
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^([a-zA-Z]+)=(.+)$/.exec(part) ?? [];
    if (name === '' || Object.hasOwn(demands, name)) {
      return usage(`--require-hosts ${text} cannot be read: ${FORM}.`);
    }
    demands[name] = valueOf(name, value);
  }
  return demands;
}

function valueOf(name: string, value: string): unknown {
  if (name === 'kinds') return value.split('+');
  return name === 'platform' ? value : Number(value);
}

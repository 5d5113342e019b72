/** The task type; package.json declares the same properties. */
export const TASK_TYPE = 'mesh-sim';

/** Properties of a task and the flags of the command line they stand for. */
const FLAGS = {
  plan: '--config',
  capsule: '--capsule',
  nodes: '--nodes',
  latency: '--latency',
  loss: '--loss',
  chaos: '--chaos',
  topology: '--topology',
  regions: '--regions',
  seed: '--seed',
  deadline: '--deadline',
} as const;

const SHORT_HASH = 12;

/** As it stands in tasks.json, whatever a person wrote there. */
type Definition = Readonly<Record<string, unknown>>;

/** The flags of `mesh-sim` for a task's definition. */
export function taskArguments(definition: Definition): string[] {
  return Object.entries(FLAGS).flatMap(([name, flag]) => {
    const value = textOf(definition[name]);
    return value === undefined ? [] : [flag, value];
  });
}

/** Such as "crash.meshplan.json" or "Capsule 3f9a21, crash-mid-deploy". */
export function taskName(definition: Definition): string {
  const plan = textOf(definition.plan);
  const capsule = textOf(definition.capsule)?.slice(0, SHORT_HASH);
  const about = plan ?? (capsule === undefined ? 'no Capsule' : `Capsule ${capsule}`);
  return [about, textOf(definition.chaos)].filter(Boolean).join(', ');
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

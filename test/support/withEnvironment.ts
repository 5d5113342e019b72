/** Runs an action with other environment variables, as another machine would. */
export async function withEnvironment<T>(
  changes: Record<string, string>,
  action: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, changes);
  try {
    return await action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

import * as z from 'zod/mini';

/**
 * A schema, or what is made of one, that is built when something of it is first asked for. In bundles all schemas of a module are such (`esbuild.mjs`): a
 * program needs few of those it loads, and building all of them would be a third of a command's start.
 */
export function builtOnUse<T extends object>(build: () => T): T {
  let schema: T | undefined;
  const built = (): T => {
    if (schema !== undefined) return schema;
    schema = build();
    // What it is described as is kept by which object it is.
    const words = isSchema(schema) ? z.globalRegistry.get(schema) : undefined;
    if (words !== undefined) z.globalRegistry.add(standIn as T & z.core.$ZodType, words);
    return schema;
  };
  const standIn = new Proxy({} as T, {
    get: (_, key) => Reflect.get(built(), key) as unknown,
    has: (_, key) => Reflect.has(built(), key),
    ownKeys: () => Reflect.ownKeys(built()),
    getOwnPropertyDescriptor: (_, key) => {
      const found = Reflect.getOwnPropertyDescriptor(built(), key);
      return found && { ...found, configurable: true };
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(built()),
  });
  return standIn;
}

function isSchema(made: object): made is z.core.$ZodType {
  return '_zod' in made;
}

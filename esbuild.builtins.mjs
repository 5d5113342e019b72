import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Has a bundle load these modules of Node.js when something of them is first used. An import at the top of a module would load them
 * whenever the bundle is: bindings of a bundle are read where they are used, so nothing else changes.
 */
export function builtinsOnUse(names) {
  const filter = new RegExp(`^node:(${names.join('|')})$`);
  const namespace = 'on-use';
  return {
    name: 'builtins-on-use',
    setup({ onResolve, onLoad }) {
      onResolve({ filter }, ({ path, namespace: importer, kind }) => {
        if (importer === namespace || kind !== 'import-statement') return undefined;
        return { path, namespace };
      });
      onLoad({ filter, namespace }, ({ path }) => ({ contents: onUse(path), loader: 'js' }));
    },
  };
}

function onUse(builtin) {
  return `let loaded;
for (const name of ${JSON.stringify(Object.keys(require(builtin)))}) {
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (loaded ??= require(${JSON.stringify(builtin)}))[name],
  });
}`;
}

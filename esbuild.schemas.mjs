import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const BUILT_ON_USE = 'model/builtOnUse.ts';

/**
 * Has each module that makes schemas build each of them when it is first asked for, see src/model/builtOnUse.ts. What is at the
 * top of a module would be built whenever it is loaded; what a function makes is built when that is called anyway.
 */
export function schemasOnUse(sources) {
  const helper = path.join(sources, BUILT_ON_USE);
  return {
    name: 'schemas-on-use',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path: file }) => {
        if (!file.startsWith(sources) || file === helper) return undefined;
        const text = await readFile(file, 'utf8');
        if (!text.includes("from 'zod/mini'")) return undefined;
        const places = schemasIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
        return {
          contents: places.length === 0 ? text : wrapped(text, places, helper),
          loader: 'ts',
        };
      });
    },
  };
}

/** [start, end) of every schema at the top of a module, in their order. */
function schemasIn(source) {
  return source.statements
    .filter((one) => ts.isVariableStatement(one))
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) =>
      initializer === undefined ? [] : schemasOf(initializer, source),
    );
}

function schemasOf(typed, source) {
  let value = typed;
  while (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) value = value.expression;
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.flatMap((one) =>
      ts.isPropertyAssignment(one) ? schemasOf(one.initializer, source) : [],
    );
  }
  if (ts.isArrayLiteralExpression(value)) {
    return value.elements.flatMap((one) => schemasOf(one, source));
  }
  return isMadeOfSchema(value) ? [[value.getStart(source), value.end]] : [];
}

/** A call or a part of `z` or of a schema: `z.string()`, `digestSchema.check(…)`, `planSchema.shape`. */
function isMadeOfSchema(value) {
  if (!ts.isCallExpression(value) && !ts.isPropertyAccessExpression(value)) return false;
  let root = value;
  while (ts.isCallExpression(root) || ts.isPropertyAccessExpression(root)) root = root.expression;
  return ts.isIdentifier(root) && /^z$|Schema$/.test(root.text);
}

function wrapped(text, places, helper) {
  let result = `import { builtOnUse as builtOnUse$ } from ${JSON.stringify(helper)};`;
  let from = 0;
  for (const [start, end] of places) {
    result += `${text.slice(from, start)}/* @__PURE__ */ builtOnUse$(() => (${text.slice(start, end)}))`;
    from = end;
  }
  return result + text.slice(from);
}

/** Changes a tree of parsed JSON in place. */
export type JsonEdit = (root: unknown) => void;

function childOf(node: unknown, key: string): unknown {
  if (typeof node !== 'object' || node === null) throw new Error(`nothing has the key ${key}`);
  return Reflect.get(node, key);
}

function edit(path: string, change: (parent: object, key: string) => void): JsonEdit {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  return (root) => {
    const parent = keys.reduce(childOf, root);
    if (childOf(parent, last) === undefined) Reflect.set(parent as object, last, undefined);
    change(parent as object, last);
  };
}

function listAt(parent: object, key: string): unknown[] {
  const list: unknown = Reflect.get(parent, key);
  if (!Array.isArray(list)) throw new Error(`${key} is not a list`);
  return list;
}

/** Sets what is at a dotted path; undefined leaves it out of the JSON. */
export function set(path: string, value: unknown): JsonEdit {
  return edit(path, (parent, key) => Reflect.set(parent, key, value));
}

/** Adds an item to the list at a path. */
export function push(path: string, item: unknown): JsonEdit {
  return edit(path, (parent, key) => listAt(parent, key).push(item));
}

/** Removes the last item of the list at a path. */
export function pop(path: string): JsonEdit {
  return edit(path, (parent, key) => listAt(parent, key).pop());
}

/** Adds the first item of the list at a path once more. */
export function repeat(path: string): JsonEdit {
  return edit(path, (parent, key) => {
    const list = listAt(parent, key);
    list.push(list[0]);
  });
}

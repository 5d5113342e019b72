/** Where the folders of a service are; paths are relative to its repository, in their normal form. */
interface Rooted {
  readonly root?: string | undefined;
  readonly path: string;
}

/** What of the repository is packed and laid out. */
export function rootOf({ root, path }: Rooted): string {
  return root ?? path;
}

/** Whether a folder is another one or lies in it. */
export function liesIn(folder: string, root: string): boolean {
  return root === '.' || folder === root || folder.startsWith(`${root}/`);
}

/** The service's own folder below its root; '.' when it is all of it. */
export function pathInRoot(service: Rooted): string {
  const root = rootOf(service);
  if (service.path === root) return '.';
  return root === '.' ? service.path : service.path.slice(root.length + 1);
}

/** Where its build runs, below its root. */
export function buildFolderOf(service: Rooted & { readonly buildIn?: string | undefined }): string {
  return service.buildIn === 'path' ? pathInRoot(service) : '.';
}

/**
 * The archive digest of a folder as it is on the disk: equal to `archive.digest` of the service unpacked there as long
 * as nothing was changed. With `paths` (what unpackArchive returned) only these files count, so that files a build added do not matter.
 */
export function treeDigestOnDisk(_folder: string, _paths?: readonly string[]): Promise<string> {
  return Promise.reject(new Error('not yet'));
}

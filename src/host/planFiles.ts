/** Saved plans, anywhere in the workspace. */
export const PLAN_FILES = '**/*.meshplan.json';

const SUFFIX = /\.meshplan\.json$/;

/** What a plan is called where its file's kind is known: "checkout/crash" of checkout/crash.meshplan.json. */
export function planLabel(relativePath: string): string {
  return relativePath.replaceAll('\\', '/').replace(SUFFIX, '');
}

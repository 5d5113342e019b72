/** `undefined`: there is nothing to check it on, which never allows by itself: another rule has failed then. */
export type Finding = { readonly holds: boolean; readonly sentence: string } | undefined;

export const holds = (sentence: string): Finding => ({ holds: true, sentence });
export const fails = (sentence: string): Finding => ({ holds: false, sentence });
export const must = (isHeld: boolean, good: string, bad: string): Finding =>
  isHeld ? holds(good) : fails(bad);

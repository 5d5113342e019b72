/**
 * Arrows, Home and End move the focus from row to row of a list or table whose rows hold buttons: each has one that is marked.
 * @param opener selector of that button @param row selector of a row
 */
export function moveFocus(
  event: KeyboardEvent & { readonly currentTarget: HTMLElement },
  opener: string,
  row: string,
): void {
  const openers = [...event.currentTarget.querySelectorAll<HTMLElement>(opener)];
  const own = (event.target as HTMLElement).closest(row)?.querySelector(opener);
  const at = openers.findIndex((one) => one === own);
  const target = targetOf(event.key, at, openers.length);
  if (at < 0 || target === undefined) return;
  event.preventDefault();
  openers[target]?.focus();
}

function targetOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

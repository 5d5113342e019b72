import { useEffect } from 'preact/hooks';

const TYPED_INTO = 'input, textarea, select, [contenteditable]';

/** True while a key press is text for a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement && ['range', 'checkbox'].includes(target.type))
    return false;
  return target instanceof Element && target.matches(TYPED_INTO);
}

/** Calls `press` for every key pressed anywhere on the page, with what it closes over now. */
export function useKeys(press: (event: KeyboardEvent) => void): void {
  useEffect(() => {
    addEventListener('keydown', press);
    return () => {
      removeEventListener('keydown', press);
    };
  });
}

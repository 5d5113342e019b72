import { signal } from '@preact/signals';
import { readTheme, type DrawTheme } from '../draw/theme.ts';

const changes = signal(0);
let read: { readonly change: number; readonly theme: DrawTheme } | undefined;
let isWatched = false;

/** VS Code changes the body's class and the root's variables when the person chooses another theme. */
function watch(): void {
  isWatched = true;
  const observer = new MutationObserver(() => {
    changes.value += 1;
  });
  const attributeFilter = ['class', 'style', 'data-vscode-theme-kind'];
  observer.observe(document.body, { attributes: true, attributeFilter });
  observer.observe(document.documentElement, { attributes: true, attributeFilter });
}

/** The page's colours, read once for each theme; a component that asks is drawn again when they change. */
export function drawTheme(): DrawTheme {
  if (!isWatched) watch();
  const change = changes.value;
  if (read?.change !== change) read = { change, theme: readTheme() };
  return read.theme;
}

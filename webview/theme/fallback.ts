import { THEME_VARIABLES } from './themeVariables.ts';
import { themeOf } from './themeOf.ts';
import type { ThemeKind } from './themeVariables.ts';

const BODY_CLASSES: Record<ThemeKind, readonly string[]> = {
  dark: ['vscode-dark'],
  light: ['vscode-light'],
  hc: ['vscode-high-contrast'],
  hcl: ['vscode-high-contrast', 'vscode-high-contrast-light'],
};

/**
 * Gives a page without a theme (a plain browser, Simple Browser) the body class and variables of one.
 * Call it before the toolkit's components are registered: they read the variables then.
 */
export function applyFallbackTheme(): void {
  const root = document.documentElement;
  const given = getComputedStyle(root).getPropertyValue('--vscode-foreground');
  if (given.trim() !== '') return;
  const kind = themeOf(location.search, matchMedia('(prefers-color-scheme: dark)').matches);
  document.body.classList.add(...BODY_CLASSES[kind]);
  document.body.dataset.vscodeThemeKind = BODY_CLASSES[kind].at(-1) ?? '';
  for (const [name, value] of Object.entries(THEME_VARIABLES[kind])) {
    root.style.setProperty(`--vscode-${name}`, value);
  }
}

import type { ThemeKind } from './themeVariables.ts';

/** The theme asked for by `?theme=`, else what the system prefers. */
export function themeOf(search: string, prefersDark: boolean): ThemeKind {
  const asked = new URLSearchParams(search).get('theme');
  if (asked === 'dark' || asked === 'light' || asked === 'hc' || asked === 'hcl') return asked;
  return prefersDark ? 'dark' : 'light';
}

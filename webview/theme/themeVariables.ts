/**
 * What VS Code would set, for a plain browser: only the variables that the toolkit reads for its button.
 * Without them it draws its dark defaults on any page. The tokens have their own fallbacks for everything else.
 */
export const THEME_VARIABLES = {
  dark: {
    'button-background': '#0078d4',
    'button-border': 'rgba(255, 255, 255, 0.1)',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#2b2b2b',
    focusBorder: '#0078d4',
    foreground: '#cccccc',
  },
  light: {
    'button-background': '#005fb8',
    'button-border': 'rgba(0, 0, 0, 0.1)',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    focusBorder: '#005fb8',
    foreground: '#3b3b3b',
  },
  hc: {
    'button-background': '#000000',
    'button-border': '#6fc3df',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    contrastActiveBorder: '#f38518',
    focusBorder: '#f38518',
    foreground: '#ffffff',
  },
  hcl: {
    'button-background': '#0f4a85',
    'button-border': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    contrastActiveBorder: '#006bbd',
    focusBorder: '#006bbd',
    foreground: '#292929',
  },
} as const;

export type ThemeKind = keyof typeof THEME_VARIABLES;

import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

/** Before the window's load event, or theme variables are never applied. */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

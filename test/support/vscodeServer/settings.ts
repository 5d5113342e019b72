/** User settings under which nothing but this extension draws attention, asks, or goes to the network. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.colorTheme': 'Dark Modern',
  'window.autoDetectColorScheme': false,
  'workbench.editor.enablePreview': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'compact',
  'window.confirmBeforeClose': 'never',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'chat.agentHost.enabled': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'task.allowAutomaticTasks': 'off',
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
};

/** In an editor with workspace trust a new folder is restricted at once, without a question at its opening. */
const RESTRICTED = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.emptyWindow': false,
};

export type Trust = 'trusted' | 'restricted';

/** The text of a `settings.json`; a window reads it only when it opens. */
export function settingsJson(trust: Trust, more: Readonly<Record<string, unknown>> = {}): string {
  const ofTrust =
    trust === 'restricted' ? RESTRICTED : { 'security.workspace.trust.enabled': false };
  return JSON.stringify({ ...QUIET, ...ofTrust, ...more }, null, 2);
}

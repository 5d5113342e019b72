/*! Some glyphs are Codicons, (c) Microsoft Corporation, CC-BY-4.0, https://github.com/microsoft/vscode-codicons */
import check from '@vscode/codicons/src/icons/check.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import debugPause from '@vscode/codicons/src/icons/debug-pause.svg';
import debugStop from '@vscode/codicons/src/icons/debug-stop.svg';
import discard from '@vscode/codicons/src/icons/discard.svg';
import exportTo from '@vscode/codicons/src/icons/export.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import flame from '@vscode/codicons/src/icons/flame.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import json from '@vscode/codicons/src/icons/json.svg';
import key from '@vscode/codicons/src/icons/key.svg';
import link from '@vscode/codicons/src/icons/link.svg';
import packageBox from '@vscode/codicons/src/icons/package.svg';
import play from '@vscode/codicons/src/icons/play.svg';
import plug from '@vscode/codicons/src/icons/plug.svg';
import redo from '@vscode/codicons/src/icons/redo.svg';
import refresh from '@vscode/codicons/src/icons/refresh.svg';
import rocket from '@vscode/codicons/src/icons/rocket.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import search from '@vscode/codicons/src/icons/search.svg';
import serverProcess from '@vscode/codicons/src/icons/server-process.svg';
import settings from '@vscode/codicons/src/icons/settings.svg';
import verified from '@vscode/codicons/src/icons/verified.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';
import zoomOut from '@vscode/codicons/src/icons/zoom-out.svg';

/** The body of an icon's file: its own <svg> is replaced by ours, with our size. */
function shapeOf(file: string): string {
  return file.slice(file.indexOf('>') + 1, file.lastIndexOf('</svg>'));
}

const LINE = 'fill="none" stroke="currentColor" stroke-width="1.2"';
const SHIELD = 'M8 1.6 13 3.4V8c0 3-2.1 5.2-5 6.4C5.1 13.2 3 11 3 8V3.4Z';
const CROSS = 'm5.6 5.6 4.8 4.8m0-4.8-4.8 4.8';

/** Marks on a disc are cut out of it, so that they show on any ground. */
function disc(outline: string, mark: string): string {
  return `${outline}<path fill="none" stroke="var(--bg)" stroke-width="1.6" d="${mark}"/>`;
}

export const SHAPES = {
  package: shapeOf(packageBox),
  rocket: shapeOf(rocket),
  key: shapeOf(key),
  slash: shapeOf(circleSlash),
  filter: shapeOf(filter),
  refresh: shapeOf(refresh),
  export: shapeOf(exportTo),
  verify: shapeOf(verified),
  'zoom-in': shapeOf(zoomIn),
  'zoom-out': shapeOf(zoomOut),
  fit: shapeOf(screenFull),
  search: shapeOf(search),
  sliders: shapeOf(settings),
  braces: shapeOf(json),
  'chevron-down': shapeOf(chevronDown),
  'chevron-right': shapeOf(chevronRight),
  play: shapeOf(play),
  pause: shapeOf(debugPause),
  stop: shapeOf(debugStop),
  check: shapeOf(check),
  close: shapeOf(close),
  link: shapeOf(link),
  info: shapeOf(info),
  warning: shapeOf(warning),
  server: shapeOf(serverProcess),
  flame: shapeOf(flame),
  previous: shapeOf(discard),
  next: shapeOf(redo),
  seal: shapeOf(verified),
  plug: shapeOf(plug),
  mesh: `<path ${LINE} d="m8 2.5 5.2 3.8-2 6.2H4.8l-2-6.2Z"/><g fill="currentColor"><circle cx="8" cy="2.5" r="1.6"/><circle cx="13.2" cy="6.3" r="1.6"/><circle cx="11.2" cy="12.5" r="1.6"/><circle cx="4.8" cy="12.5" r="1.6"/><circle cx="2.8" cy="6.3" r="1.6"/></g>`,
  'check-disc': disc('<circle cx="8" cy="8" r="6" fill="currentColor"/>', 'm5.2 8.2 2 2 3.6-4'),
  'cross-disc': disc('<circle cx="8" cy="8" r="6" fill="currentColor"/>', CROSS),
  'cross-octagon': disc(
    '<path fill="currentColor" d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4Z"/>',
    CROSS,
  ),
  shield: `<path ${LINE} d="${SHIELD}"/>`,
  'shield-check': `<path ${LINE} d="${SHIELD}M5.6 7.8l1.7 1.7L10.4 6"/>`,
  'arrow-to-line': `<path ${LINE} d="M8 2v8M4.8 7 8 10.2 11.2 7M3 13.4h10"/>`,
  diamond: `<path ${LINE} d="M8 1.8 14.2 8 8 14.2 1.8 8Z"/><path fill="currentColor" d="M8 5.2 10.8 8 8 10.8 5.2 8Z"/>`,
  'diamond-open': `<path ${LINE} d="M8 3.4 12.6 8 8 12.6 3.4 8Z"/>`,
  'dashed-ring': `<circle ${LINE} cx="8" cy="8" r="5.6" stroke-dasharray="2.6 1.8"/>`,
  cross: `<path ${LINE} d="m4 4 8 8m0-8-8 8"/>`,
  restart: `<path ${LINE} d="M3.4 8.6a4.7 4.7 0 1 0 1.5-4M3 2v3.2h3.2"/>`,
  dot: '<circle cx="8" cy="8" r="2" fill="currentColor"/>',
} as const;

export type GlyphName = keyof typeof SHAPES;

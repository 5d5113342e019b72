import type { Boot } from '../model/boot.ts';

export interface PageOptions {
  readonly boot: Boot;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** What may load scripts and styles beside the nonce, such as `'self'` or a webview's cspSource. */
  readonly source: string;
  /** Fresh for every page. */
  readonly nonce: string;
}

/** Nothing is loaded from anywhere else, nothing inline runs. Over HTTP the header adds frame-ancestors, which no meta tag can. */
export function contentSecurityPolicy({
  source,
  nonce,
}: Pick<PageOptions, 'source' | 'nonce'>): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} data:`,
    `connect-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The one page of the Studio, for every door. */
export function pageHtml(options: PageOptions): string {
  const { boot, scriptUri, styleUri, nonce } = options;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(contentSecurityPolicy(options))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mesh-Sim Studio</title>
<link rel="stylesheet" href="${escaped(styleUri)}">
</head>
<body data-boot="${escaped(JSON.stringify(boot))}">
<div id="studio"></div>
<script nonce="${escaped(nonce)}" src="${escaped(scriptUri)}"></script>
</body>
</html>
`;
}

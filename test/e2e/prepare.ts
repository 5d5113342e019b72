import { ensureServer } from '../support/vscodeServer/ensureServer.ts';

// The Playwright configuration names the browser's file, so it must exist before that is read.
await ensureServer();

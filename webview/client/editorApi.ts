import type { HostMessage, Navigate, PageMessage } from '../../src/model/tunnel.ts';

let api: ReturnType<typeof acquireVsCodeApi> | undefined;

/** The editor hands its API out once per page. */
function editorApi(): ReturnType<typeof acquireVsCodeApi> {
  api ??= acquireVsCodeApi();
  return api;
}

export function tellHost(message: PageMessage): void {
  editorApi().postMessage(message);
}

/** Calls back for every message of the host. @returns how to stop */
export function onHostMessage(listener: (message: HostMessage) => void): () => void {
  const receive = ({ data }: MessageEvent<HostMessage>): void => {
    listener(data);
  };
  addEventListener('message', receive);
  return () => {
    removeEventListener('message', receive);
  };
}

export function onNavigate(listener: (to: Navigate) => void): () => void {
  return onHostMessage((message) => {
    if (message.type === 'navigate') listener(message);
  });
}

/** What this webview kept with `keep`; it outlives the page when the tab is hidden or the window reloads. */
export function kept(): unknown {
  return editorApi().getState();
}

export function keep(value: unknown): void {
  editorApi().setState(value);
}

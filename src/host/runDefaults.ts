import * as vscode from 'vscode';
import type { RunDefaults } from '../model/boot.ts';

/** The settings `meshSim.simulation.*`: of a run that a command starts, and of the form in a page that is opened. */
export function runDefaults(): RunDefaults {
  const settings = vscode.workspace.getConfiguration('meshSim.simulation');
  return {
    deadlineMs: settings.get('deadlineMs', 60_000),
    params: {
      nodes: settings.get('nodes', 5),
      latencyMs: [settings.get('latencyMinMs', 40), settings.get('latencyMaxMs', 180)],
      packetLoss: settings.get('packetLoss', 0),
    },
  };
}

import type { Target } from '../../model/environments.ts';
import { CommandTarget } from './commandTarget.ts';
import type { DeployTarget, TargetContext } from './deployTarget.ts';
import { DirectoryTarget } from './directoryTarget.ts';
import { SshTarget } from './sshTarget.ts';

export function targetFor(target: Target, context: TargetContext): DeployTarget {
  switch (target.kind) {
    case 'directory':
      return new DirectoryTarget(target, context);
    case 'ssh':
      return new SshTarget(target, context);
    case 'command':
      return new CommandTarget(target, context);
  }
}

import { BLUE_GREEN } from './blueGreen.ts';
import type { FalseStatement } from './edit.ts';
import { FAULT_REPORTS } from './faultReports.ts';
import { HOSTS } from './hosts.ts';
import { INDICATORS } from './indicators.ts';
import { NETWORK } from './network.ts';
import { PHASES_AND_SIGNATURES } from './phases.ts';
import { FAULTS_AND_RECOVERY } from './recovery.ts';
import { PROGRAMS } from './programs.ts';
import { REST } from './rest.ts';
import { SERVICES } from './services.ts';
import { UPGRADES } from './upgrade.ts';
import { UPGRADED_SERVICES } from './upgradedServices.ts';

export const FALSE_STATEMENTS: readonly FalseStatement[] = [
  ...PHASES_AND_SIGNATURES,
  ...FAULTS_AND_RECOVERY,
  ...FAULT_REPORTS,
  ...NETWORK,
  ...SERVICES,
  ...PROGRAMS,
  ...HOSTS,
  ...UPGRADES,
  ...BLUE_GREEN,
  ...UPGRADED_SERVICES,
  ...INDICATORS,
  ...REST,
];

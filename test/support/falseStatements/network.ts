import type { EvidenceStatement } from '../../../src/model/evidence.ts';
import {
  one,
  CHAOS,
  FAIL,
  VIRTUAL,
  E,
  R,
  link,
  plan,
  everyLink,
  type FalseStatement,
} from './edit.ts';
import { set, pop, repeat } from '../jsonEdit.ts';

export const NETWORK: readonly FalseStatement[] = [
  one(CHAOS, 'more packets ended than were sent', /of which/, link('unreachable', 200)),
  one(FAIL, 'one packet more than was sent', /of which 121 ended/, link('unreachable', 1)),
  one(CHAOS, 'a link that sent nothing', /sent nothing/, link('sent', 0)),
  one(FAIL, 'a link twice', /reported twice/, repeat(`${E}network.links`)),
  one(FAIL, 'a link to a stranger', /plan does not have/, link('to', 'n9')),
  one(VIRTUAL, 'a link the ring does not have', /plan does not have/, link('to', 'n2')),
  one(FAIL, 'a link left out', /came up, but no packet/, pop(`${E}network.links`)),
  one(CHAOS, 'no network at all', /no packet can have come/, set(`${E}network.links`, [])),
  one(
    CHAOS,
    'nothing delivered',
    /no packet can have come/,
    everyLink({ delivered: 0, dropped: 120 }),
  ),
  one(
    FAIL,
    'a million packets of which four died',
    /cannot lead to/,
    link('sent', 1_000_000),
    link('delivered', 999_996),
  ),
  one(
    CHAOS,
    'content that was faster than the links',
    /the plan's links take 80 ms at least/,
    set(`${E}network.disseminationMs`, 5),
  ),
  one(
    FAIL,
    'half of all packets lost at 4 %',
    /cannot lead to/,
    link('delivered', 60),
    link('dropped', 60),
    link('lost', 60),
  ),
  one(
    FAIL,
    'losses where none are possible',
    /lets it lose none/,
    plan('params.packetLoss', 0),
    set(`${R}params.packetLoss`, 0),
  ),
  one(
    FAIL,
    'packets over a dead network',
    /lets nothing through/,
    plan('params.packetLoss', 100),
    set(`${R}params.packetLoss`, 100),
  ),
  one(FAIL, 'quantiles out of order', /not in order/, link('configuredMs.p50', 179)),
  one(FAIL, 'a negative quantile', /negative/, set(`${E}network.timingErrorMs.p50`, -0.2)),
  one(FAIL, 'delays of no packet', /without packets/, link('delivered', 0)),
  one(FAIL, 'packets of no delay', /without packets/, link('achievedMs', null)),
  one(
    FAIL,
    'no timing error of packets that arrived',
    /without packets/,
    set(`${E}network.timingErrorMs`, null),
  ),
  one(FAIL, 'delays the plan cannot give', /cannot give/, link('configuredMs.p99', 400)),
  one(CHAOS, 'delays without the chaos that was there from the start', /cannot give/, (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    const slow = network.links.find(({ from }) => from === 'n2');
    Object.assign(slow ?? {}, { configuredMs: { p50: 45, p90: 150, p99: 170 } });
  }),
  one(FAIL, 'packets handed over too early', /shorter than the plan/, link('achievedMs.p50', 3)),
  one(
    FAIL,
    'packets handed over after the end',
    /longer than the run/,
    link('achievedMs.p99', 90_000),
  ),
  one(
    VIRTUAL,
    'a timing error in virtual time',
    /nothing is late/,
    set(`${E}network.timingErrorMs.p99`, 3),
  ),
  one(
    FAIL,
    'degraded, and not said',
    /exceeds the budget/,
    set(`${E}network.timingErrorMs.p99`, 400),
  ),
  one(
    FAIL,
    'said to be degraded, and not',
    /within the budget/,
    set(`${E}environment.degraded`, true),
  ),
  one(FAIL, 'another lower bound', /lower bound is 1 ms/, set(`${E}network.lowerBoundMs`, 1)),
  one(
    CHAOS,
    'an efficiency that does not follow',
    /efficiency/,
    set(`${E}network.efficiency`, 0.9),
  ),
  one(
    CHAOS,
    'a pass whose content was never spread',
    /never completed/,
    set(`${E}network.disseminationMs`, -1),
    set(`${E}network.efficiency`, 0),
  ),
  one(
    CHAOS,
    'a dissemination longer than the run',
    /longer than the run/,
    set(`${E}network.disseminationMs`, 1e7),
    set(`${E}network.efficiency`, 0),
  ),
  one(
    FAIL,
    'bandwidth the plan does not have',
    /bandwidth/,
    set(`${E}network.bandwidthModel`, 'uplink'),
  ),
];

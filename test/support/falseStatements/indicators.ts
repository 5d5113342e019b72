import { push, set } from '../jsonEdit.ts';
import { CHAOS, E, one, VIRTUAL, type FalseStatement } from './edit.ts';

function anIndicator() {
  return {
    ...{ name: 'web: quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 50 },
    ...{ value: 20, sampleSize: 100, passed: true },
  };
}

export const INDICATORS: readonly FalseStatement[] = [
  one(
    VIRTUAL,
    'services measured in virtual time',
    /none runs/,
    push(`${E}indicators`, anIndicator()),
  ),
  one(CHAOS, 'an objective of no metric', /no metric/, set(`${E}indicators.0.metric`, 'beauty')),
  one(CHAOS, 'an objective of no service', /of no service/, set(`${E}indicators.0.name`, 'quick')),
  one(CHAOS, 'an availability that is no share', /no share/, set(`${E}indicators.1.value`, 99.5)),
  one(CHAOS, 'a percentile of three answers', /too few/, set(`${E}indicators.0.sampleSize`, 3)),
  one(
    CHAOS,
    'starts of a node that is not there',
    /5 starts, but 3 nodes run/,
    set(`${E}indicators.2.sampleSize`, 5),
  ),
  one(CHAOS, 'recoveries from no crash', /2 recoveries/, set(`${E}indicators.3.sampleSize`, 2)),
  one(
    CHAOS,
    'a start that took longer than the run',
    /longer than the run/,
    set(`${E}indicators.2.threshold`, 1e9),
    set(`${E}indicators.2.value`, 1e8),
  ),
  one(
    CHAOS,
    'calls that measured a start',
    /takes no calls/,
    set(`${E}indicators.2.measuredBy`, 'calls'),
  ),
  one(
    CHAOS,
    'calls that went over the wire',
    /not measured by probes/,
    set(`${E}indicators.0.measuredBy`, 'calls'),
  ),
  one(
    CHAOS,
    'messages in the place of requests, though every node had a wire',
    /every node is said to have had a wire/,
    set(`${E}indicators.0.over`, 'protocol'),
    set(`${E}indicators.1.over`, 'protocol'),
  ),
  one(
    CHAOS,
    'probes that went two ways',
    /others went over the protocol/,
    set(`${E}indicators.0.over`, 'protocol'),
  ),
];

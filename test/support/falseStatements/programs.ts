import { push, set } from '../jsonEdit.ts';
import { CHAOS, E, VIRTUAL, one, type FalseStatement } from './edit.ts';

const REDIS = {
  ...{ nodeId: 'n0', service: 'cache', path: '/usr/bin/redis-server', version: '7.0.15' },
  sha256: 'a'.repeat(64),
};

export const PROGRAMS: readonly FalseStatement[] = [
  one(
    CHAOS,
    'a program that is older than its Capsule requires',
    /"cache" requires redis-server >=7, but ran \/usr\/bin\/redis-server, 6\.2\.14, on n0/,
    set(`${E}programs.0.version`, '6.2.14'),
  ),
  one(
    CHAOS,
    'another program than its Capsule requires',
    /"cache" requires redis-server >=7, but ran \/usr\/bin\/redis-cli/,
    set(`${E}programs.0.path`, '/usr/bin/redis-cli'),
  ),
  one(
    CHAOS,
    'a service that ran by a program nobody names',
    /"cache" ran on n0, but not which program/,
    set(`${E}programs`, []),
  ),
  one(
    CHAOS,
    'the program of a service that was packed',
    /the program of "orders" on n1, which is no program of its Capsule/,
    push(`${E}programs`, { ...REDIS, nodeId: 'n1', service: 'orders' }),
  ),
  one(
    CHAOS,
    'a program on a node where it is not placed',
    /the program of "cache" on n1, which never started it/,
    push(`${E}programs`, { ...REDIS, nodeId: 'n1' }),
  ),
  one(
    CHAOS,
    'two programs of one service on a node',
    /the program of "cache" on n0 twice/,
    push(`${E}programs`, REDIS),
  ),
  one(
    VIRTUAL,
    'a program that ran in virtual time',
    /names programs that services ran, but none runs/,
    set(`${E}programs`, [REDIS]),
  ),
];

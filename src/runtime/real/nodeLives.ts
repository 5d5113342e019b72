import type { AgentReport } from '../../wire/report.ts';
import type { Turn } from '../../model/turns.ts';
import { launchAgent, type AgentLaunch } from './launchAgent.ts';
import type { NodeRecord } from './nodeRecord.ts';
import { TurnQueue } from './turnQueue.ts';
import type { HostMachine } from '../hosts/hostedNode.ts';

/** Of a turn that was not free at once. */
interface TurnNews extends Turn {
  readonly status: 'waiting' | 'granted';
  readonly before?: number;
}

export interface LifeEvents {
  readonly onReport: (node: NodeRecord, report: AgentReport) => void;
  readonly onCrash: (node: NodeRecord) => void;
  /** An agent ended that was not meant to; `words` say how. */
  readonly onDeath: (node: NodeRecord, words: string) => void;
  readonly onTurn: (node: NodeRecord, turn: TurnNews) => void;
  /** Somebody has begun to build, or nobody builds any more. */
  readonly onBuilding: (isOn: boolean) => void;
  /** Something of a node has changed. */
  readonly onChange: () => void;
}

/** The lives of a run's nodes: each is one agent, from its launch until it ends or is killed. */
export class NodeLives {
  /** What nodes of a machine start there, they start in turns; by the machine's name. */
  readonly #turns = new Map<string, TurnQueue<NodeRecord>>();
  /** The way of boxes that programs have entered on a machine (Box.way), by its name. */
  readonly #entered = new Map<string, string>();
  /** Machines on which somebody builds. */
  #builders = 0;
  readonly #nodes: readonly NodeRecord[];
  readonly #launch: AgentLaunch;
  readonly #events: LifeEvents;
  #isEnding = false;

  constructor(nodes: readonly NodeRecord[], launch: AgentLaunch, events: LifeEvents) {
    this.#nodes = nodes;
    this.#launch = launch;
    this.#events = events;
    launch.options.links?.connect(
      (node, command) => nodes[node]?.process?.send(command),
      (node, there, at) => launch.hosts.portHere(node, there, at),
    );
  }

  /** The first life of every node that was not killed before. */
  begin(): void {
    // One that is killed at 0 ms is begun by its restart.
    for (const node of this.#nodes) {
      if (node.status === 'running' && node.incarnation === 0) this.#begin(node);
    }
  }

  /**
   * As if its machine had failed: SIGKILL to the agent and to all it started. From now on nothing that this agent has said, and
   * not how it ends, is news of the node: on a busy machine both may come when the next life was asked for already.
   */
  kill(node: NodeRecord): void {
    if (node.isOver) return;
    this.#launch.hosts.nodeAt(node.index).look();
    const { process: agent, ended } = node;
    agent?.kill();
    node.process = undefined;
    const rest = this.#launch.hosts.nodeAt(node.index).end();
    node.ended = Promise.all([ended, agent?.ended, rest]).then(() => undefined);
    node.status = 'down';
    node.openPhase = undefined;
    this.#turnsOf(node).forget(node);
    this.#launch.options.links?.onGone(node.index);
    this.#events.onCrash(node);
  }

  /** Begins the next life of a node that was killed, as soon as the last one is over. */
  restart(node: NodeRecord): void {
    if (node.status !== 'down') return;
    node.incarnation += 1;
    node.status = 'running';
    const life = node.incarnation;
    // The new agent takes over the folder: no process of the old one may still write there.
    void Promise.resolve(node.ended).then(() => {
      const isWanted = node.incarnation === life && node.status === 'running';
      if (isWanted && !this.#isEnding) this.#begin(node);
    });
  }

  /** The node has failed, and ends what it was at. */
  giveBackTurns(node: NodeRecord): void {
    this.#turnsOf(node).giveBack(node);
  }

  /** From now on agents are meant to end, and none is started again. */
  beginEnding(): void {
    this.#isEnding = true;
    for (const turns of this.#turns.values()) turns.endBuilds();
  }

  /** SIGKILL to every agent's group. */
  killAll(): void {
    this.beginEnding();
    for (const node of this.#nodes) node.process?.kill();
  }

  async allEnded(): Promise<void> {
    for (const { process, ended } of this.#nodes) await Promise.all([process?.ended, ended]);
  }

  #begin(node: NodeRecord): void {
    node.openPhase = undefined;
    node.verified = false;
    node.explanation = '';
    node.kept = 0;
    node.received.clear();
    launchAgent(this.#launch, node, {
      onReport: (report) => {
        this.#linksHear(node, report);
        this.#turnsHear(node, report);
        this.#events.onReport(node, report);
      },
      onEnd: (words) => this.#onEnd(node, words),
    });
  }

  #linksHear({ index }: NodeRecord, report: AgentReport): void {
    const { links } = this.#launch.options;
    if (report.type === 'service') links?.onService(index, report.service, report.status);
    if (report.type === 'port-opened') links?.onOpened(index, report);
  }

  #turnsHear(node: NodeRecord, report: AgentReport): void {
    if (report.type === 'turn-wanted') {
      const { id, turn, service } = report;
      this.#turnsOf(node).want({ node, id, turn: { turn, service } });
    }
    if (report.type === 'turn-ended') {
      const { id, entered } = report;
      // Before the next one is let on.
      if (entered !== undefined) this.#entered.set(this.#machineOf(node).name, entered);
      this.#turnsOf(node).ended(node, id);
    }
  }

  #machineOf({ index }: NodeRecord): HostMachine {
    return this.#launch.hosts.nodeAt(index).machine;
  }

  #turnsOf(node: NodeRecord): TurnQueue<NodeRecord> {
    const machine = this.#machineOf(node);
    const turns = this.#turns.get(machine.name) ?? this.#turnsOn(machine);
    this.#turns.set(machine.name, turns);
    return turns;
  }

  #turnsOn({ name, cores }: HostMachine): TurnQueue<NodeRecord> {
    return new TurnQueue({
      limit: cores,
      onGrant: ({ node, id, turn }, waited) => {
        node.process?.send({ type: 'turn-granted', id, entered: this.#entered.get(name) });
        if (waited) this.#events.onTurn(node, { ...turn, status: 'granted' });
      },
      onWait: ({ node, turn }, before) =>
        this.#events.onTurn(node, { ...turn, status: 'waiting', before }),
      onBuilding: (isOn) => this.#onBuilding(isOn),
    });
  }

  #onBuilding(isOn: boolean): void {
    const before = this.#builders;
    this.#builders += isOn ? 1 : -1;
    if (before === 0 || this.#builders === 0) this.#events.onBuilding(isOn);
  }

  #onEnd(node: NodeRecord, words: string): void {
    this.#turnsOf(node).forget(node);
    this.#launch.options.links?.onGone(node.index);
    // At the end of a run, what an agent leaves behind is to be found, not to be ended in silence.
    if (!this.#isEnding) node.ended = this.#launch.hosts.nodeAt(node.index).end();
    if (!this.#isEnding) this.#events.onDeath(node, words);
    this.#events.onChange();
  }
}

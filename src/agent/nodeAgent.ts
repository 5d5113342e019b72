import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { EFFECT, FACT, type EffectKind, VERSIONS } from '../mesh/io.ts';
import type { Capsule } from '../model/capsule.ts';
import { NodeContent } from './content.ts';
import { Disturbances } from './disturbances.ts';
import type { AgentCommand, LaunchCommand } from '../wire/control.ts';
import { ManifestCheck } from './manifestCheck.ts';
import { MeshDriver } from './meshDriver.ts';
import { NetworkLink } from './networkLink.ts';
import { NodeMoves } from './nodeMoves.ts';
import { NodeServices } from './nodeServices.ts';
import type { HeldCapsule } from './serviceSet.ts';
import { openPort } from './openPort.ts';
import { takeOffer } from './offer.ts';
import { Pacer } from './pacer.ts';
import { receivedCapsule } from './receivedCapsule.ts';
import { ServicesElsewhere } from './services/elsewhere.ts';
import { answerCheck, runWorkload } from './productCheck.ts';
import { Turns } from './turns.ts';
import { Versions } from './versions.ts';
import type { NodeProcesses } from './nodeProcesses.ts';
import type { CapsuleVersion } from '../model/upgradeReport.ts';
import type { AgentReport } from '../wire/report.ts';
import type { Redactor } from '../vault/redactor.ts';

export interface NodeAgentParts {
  /** Whatever the agent says is masked by it first. */
  readonly redactor: Redactor;
  readonly processes: NodeProcesses;
  readonly report: (report: AgentReport) => void;
}

/** One node of a rehearsal: its content, its place in the mesh, its services. */
export class NodeAgent {
  readonly #launch: LaunchCommand;
  readonly #redactor: Redactor;
  readonly #processes: NodeProcesses;
  readonly #report: (report: AgentReport) => void;
  readonly #content: NodeContent;
  readonly #check: ManifestCheck;
  readonly #driver: MeshDriver;
  readonly #kept: number;
  readonly #disturbances: Disturbances;
  readonly #turns: Turns;
  #transmit: (frame: Buffer) => void = () => undefined;
  #drifted: Capsule | undefined;
  readonly #elsewhere = new ServicesElsewhere();
  #services: NodeServices | undefined;
  readonly #versions: Versions | undefined;
  readonly #moves: NodeMoves;

  constructor(launch: LaunchCommand, { redactor, processes, report }: NodeAgentParts) {
    this.#launch = launch;
    this.#redactor = redactor;
    this.#processes = processes;
    this.#report = (message) => report(redactor.message(message));
    this.#turns = new Turns(this.#report);
    this.#content = new NodeContent(launch.folder);
    this.#check = new ManifestCheck(launch);
    this.#moves = new NodeMoves({
      isBeside: launch.upgrade?.isBeside === true,
      folder: launch.folder,
      services: () => this.#services,
      heldAs: (version) => this.#heldAs(version),
      fact: (kind) => this.#driver.fact(kind),
      report: (message) => this.#report(message),
    });
    if (launch.upgrade !== undefined) this.#versions = new Versions(launch, launch.upgrade);
    const kept = this.#recover();
    this.#kept = kept.size;
    this.#driver = this.#createDriver(kept);
    this.#driver.byzantine = launch.byzantine;
    for (const service of launch.services.healthyElsewhere) this.#elsewhere.healthy(service);
    this.#disturbances = new Disturbances({
      nodeId: launch.nodeId,
      now: () => this.#now(),
      report: (message) => this.#report(message),
    });
  }

  /** Loads what its own host offers, joins the network and greets its neighbours. */
  async start(): Promise<void> {
    await this.#versions?.load();
    const { network, index, incarnation, upgrade } = this.#launch;
    if (upgrade?.isOffered !== false) await this.#takeOffer();
    const link = new NetworkLink({
      ...network,
      index,
      incarnation,
      now: () => this.#now(),
      onReady: () => {
        const missing = this.#launch.chunkCount - this.#kept;
        const runs = this.#versions && { runs: this.#versions.runs };
        this.#report({ type: 'online', at: this.#now(), kept: this.#kept, missing, ...runs });
        this.#driver.node.start();
      },
      onFrame: (frame) => this.#driver.onFrame(frame),
      onClosed: (error) => this.#log(`off the network: ${error.message}`),
    });
    this.#transmit = (frame) => link.send(frame);
  }

  /** Everything but `launch`. Resolves to false when the agent has nothing left to do. */
  async command(command: Exclude<AgentCommand, LaunchCommand>): Promise<boolean> {
    switch (command.type) {
      case 'probe':
        this.#driver.node.probe(command.count);
        return true;
      case 'end-asking':
        this.#driver.node.endAsking();
        this.#services?.peers.end();
        return true;
      case 'check-health':
        await this.#services?.checkHealth();
        return true;
      case 'byzantine':
        this.#driver.byzantine = true;
        return true;
      case 'offer':
        await this.#takeOffer();
        return true;
      case 'move':
        this.#driver.fact(FACT.move, VERSIONS.indexOf(command.to));
        return true;
      case 'take-over':
      case 'give-up':
        this.#driver.fact(command.type === 'give-up' ? FACT.giveUp : FACT.takeOver);
        return true;
      case 'check':
        void answerCheck(command, this.#heldAs('checks'), this.#services?.users).then(this.#report);
        return true;
      case 'workload':
        void runWorkload(this.#heldAs('checks'), this.#services?.users).then(this.#report);
        return true;
      case 'healthy-elsewhere':
        this.#elsewhere.healthy(command.service);
        return true;
      case 'disturb':
        if (command.what === undefined) await this.#disturbances.end(command.fault);
        else this.#disturbances.begin(command.fault, command.what);
        return true;
      case 'turn-granted':
        this.#turns.granted(command);
        return true;
      case 'once-answered':
        this.#turns.answered(command.id, command.answer);
        return true;
      case 'open-port':
        this.#report(await openPort(command, this.#services, this.#launch.nodeId));
        return true;
      case 'tell-contents':
        this.#report({
          type: 'contents-at-end',
          contents: (await this.#services?.contents()) ?? [],
        });
        return true;
      case 'stop':
        await this.#disturbances.endAll();
        await this.#services?.stop();
        await this.#processes.endAll();
        this.#report({ type: 'stopped', contents: (await this.#services?.contents()) ?? [] });
        return false;
    }
  }

  #now(): number {
    return systemClock.monotonic() - this.#launch.origin;
  }

  #log(text: string): void {
    this.#report({ type: 'log', at: this.#now(), status: 'agent', text });
  }

  /** After a restart: what is on the disk is verified again before anything else; what fails is deleted. */
  #recover(): Set<string> {
    const payload = this.#content.storedPayload();
    if (this.#launch.incarnation === 0 || payload === null) return new Set();
    const verdict = this.#check.payload(payload);
    if (!verdict.intact) return new Set();
    this.#content.accept(payload, verdict.capsule);
    return this.#content.shelf.recover();
  }

  #createDriver(kept: ReadonlySet<string>): MeshDriver {
    const { pace, incarnation, heldBefore, chunkCount } = this.#launch;
    const before = new Uint32Array(Math.ceil(chunkCount / 32));
    for (const chunk of heldBefore)
      before[chunk >>> 5] = (before[chunk >>> 5] ?? 0) | (1 << (chunk & 31));
    return new MeshDriver({
      node: {
        ...this.#launch,
        held: incarnation === 0 ? null : this.#content.bitmap(kept),
        heldBefore: before,
        hasManifest: this.#content.capsule !== null,
        ...(this.#versions && { runs: this.#versions.runs }),
        isBeside: this.#moves.isBeside,
        paced: pace !== undefined,
      },
      content: this.#content,
      check: this.#check,
      pacer: Pacer.of(this.#launch),
      now: () => this.#now(),
      transmit: (frame) => this.#transmit(frame),
      onEffect: (kind, a, b, c) => this.#effect(kind, a, b, c),
      onRefused: (from, digest, sentence) => {
        this.#report({ type: 'refused', from, digest });
        if (sentence !== '') this.#log(`refused the manifest of n${from}: ${sentence}`);
      },
    });
  }

  #effect(kind: EffectKind, a: number, b: number, c: number): void {
    if (kind === EFFECT.probeService) {
      void this.#probeService(a, b, c);
      return;
    }
    if (kind === EFFECT.askService) {
      void this.#askPeer(a, b, c);
      return;
    }
    // The choice is on the disk before anybody is told of it.
    if (kind === EFFECT.takenOver) this.#versions?.choose(VERSIONS[a] ?? 'new');
    this.#report({ type: 'effect', at: this.#now(), kind, a, b, c });
    if (kind === EFFECT.startServices) this.#startServices(VERSIONS[a] ?? 'new');
    else if (kind === EFFECT.stopServices) void this.#moves.stop();
    else if (kind === EFFECT.migrate) void this.#moves.migrate(VERSIONS[a] ?? 'new');
    else if (kind === EFFECT.takenOver) void this.#moves.takeOver();
    else if (kind === EFFECT.askHealth) void this.#moves.askHealth();
  }

  async #takeOffer(): Promise<void> {
    const taken = await takeOffer(this.#launch, this.#content, this.#check);
    if (taken === undefined) return;
    if ('sentence' in taken) this.#report({ type: 'explain', sentence: taken.sentence });
    else this.#drifted = taken.drifted;
    this.#driver.fact(FACT.offer, 'sentence' in taken ? 0 : 1);
  }

  #startServices(version: CapsuleVersion): void {
    const held = this.#heldAs(version);
    if (held === undefined) return;
    const isMoved = this.#services !== undefined;
    // What starts beside what serves is chosen when it takes over.
    if (!isMoved || !this.#moves.isBeside) this.#versions?.choose(version);
    if (isMoved) {
      // A node that is not upgraded starts once.
      if (this.#versions !== undefined) void this.#moves.start();
      return;
    }
    this.#services = new NodeServices({
      launch: this.#launch,
      first: held,
      elsewhere: this.#elsewhere,
      redactor: this.#redactor,
      processes: this.#processes,
      turns: this.#turns,
      now: () => this.#now(),
      report: this.#report,
      onWired: () => this.#driver.fact(FACT.wired),
      onStarted: () => this.#driver.fact(FACT.servicesStarted),
      onHealthy: () => this.#driver.fact(FACT.servicesHealthy),
      onBesideFailed: (sentence) => {
        this.#report({ type: 'explain', sentence });
        this.#driver.fact(FACT.besideFailed);
        this.#report({ type: 'failed', at: this.#now(), sentence, isBeside: true });
      },
      onFailed: (sentence, ofBuild) => {
        this.#report({ type: 'explain', sentence });
        this.#driver.fact(FACT.servicesFailed);
        const why = ofBuild ? { ofBuild } : {};
        this.#report({ type: 'failed', at: this.#now(), sentence, ...why });
      },
    });
    this.#disturbances.servicesBegun(this.#services);
    this.#services.start().catch((error: unknown) => this.#log(messageOf(error)));
  }

  /** Undefined: it holds no such Capsule. @param of checks: the one whose checks it runs */
  #heldAs(of: CapsuleVersion | 'checks'): HeldCapsule | undefined {
    const version = of === 'checks' ? (this.#launch.upgrade?.checksFrom ?? 'new') : of;
    if (version === 'old') return this.#versions?.old;
    return receivedCapsule(this.#content, this.#launch, this.#drifted);
  }

  async #probeService(route: number, probe: number, service: number): Promise<void> {
    const passed = (await this.#services?.probe(service)) ?? false;
    this.#driver.node.serviceProbed(route, probe, service, passed);
  }

  async #askPeer(to: number, probe: number, service: number): Promise<void> {
    this.#driver.node.serviceAsked(probe, await this.#services?.peers.ask(to, service));
  }
}

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine } from '../../support/commandLine.ts';
import { startRemoteHost } from '../../support/remoteHost.ts';
import { hasSshServer } from '../../support/sshServer.ts';
import { packIn, startStudioIn, type StudioCommand } from '../../support/studioCommand.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';
import { overflowing } from './recordedRuns.ts';
import { callsTo } from './studioCalls.ts';
import {
  expect,
  expectNoAxeViolations,
  LOOKS,
  sharedStudio,
  STARTED,
  test as base,
} from './studioPage.ts';

interface Fixtures {
  /** A sealed run of three nodes, of which n1 and n2 lived on hosts that ssh reached. */
  readonly hosted: string;
}

/** A Studio over a product whose nodes may live on two other hosts: real ones, each a sshd of this machine. */
const test = base.extend<Fixtures>({
  studioCommand: [
    async ({ shared }, use) => {
      await use(await sharedStudio(shared, 'a product with hosts', startStudioWithHosts));
    },
    STARTED,
  ],
  hosted: [
    async ({ shared, studioCommand }, use) => {
      const record = () => recordRun(studioCommand);
      await use(await shared.of('a run on hosts', record));
    },
    { scope: 'test', timeout: 240_000 },
  ],
});

test.skip(!hasSshServer, 'no sshd here: install openssh-server');

async function startStudioWithHosts(): Promise<StudioCommand> {
  const { repo, folder } = await createTinyRepository([healthyService()]);
  const edge = await startRemoteHost(path.join(folder, 'edge'));
  const yard = await startRemoteHost(path.join(folder, 'yard'));
  const described = ({ spec }: typeof edge) => {
    const { kind, host, port, options, node } = spec;
    return { kind, host, port, options, node };
  };
  const hosts = { edge: described(edge), 'build-farm-west-2': described(yard) };
  await writeFile(path.join(repo, 'mesh.hosts.json'), JSON.stringify({ hosts }));
  const commands = await createCommandLine();
  await packIn(repo, commands);
  const studio = await startStudioIn(repo, commands);
  return {
    ...studio,
    stop: async () => {
      await studio.stop();
      await Promise.all([edge.stop(), yard.stop()]);
    },
  };
}

async function recordRun({ url }: StudioCommand): Promise<string> {
  const call = callsTo(url);
  const { capsules } = await call<{ capsules: { capsuleHash: string }[] }>('/api/capsules');
  const body = JSON.stringify({
    capsuleHash: capsules[0]?.capsuleHash,
    params: { nodes: 3, latencyMs: [80, 200] },
    hosts: { n1: 'edge', n2: 'build-farm-west-2' },
    deadlineMs: 180_000,
  });
  const { simId } = await call<{ simId: string }>('/api/mesh-sim/start', body);
  await call('/api/mesh-sim/record', JSON.stringify({ simId }));
  return simId;
}

test('the form lets each node live on a host that is described, and the plan says it', async ({
  studio,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run' } });
  const choice = page.getByRole('combobox', { name: 'Host of n1' });
  await expect(choice.locator('option')).toHaveText(['this machine', 'edge', 'build-farm-west-2']);
  await choice.selectOption('edge');
  await expect(page.locator('.panel-summary')).toContainText('n1 on edge');
  await choice.selectOption('this machine');
  await expect(page.locator('.panel-summary')).not.toContainText('edge');
});

test('lanes, ring, log and evidence say where nodes lived', async ({ studio, hosted }) => {
  const { page } = studio;
  await studio.open({ place: { view: 'run', sim: hosted } });
  const lane = page.getByRole('list', { name: 'Nodes' }).getByRole('button', { name: /^n1/ });
  await expect(lane).toContainText('n1 · edge');
  await expect(lane).toHaveAttribute(
    'title',
    /lives on edge \(ssh, linux \S+, Node\.js v\d.*\), round trip \d+\.\d ms, \d+\.\d ms at least each way/,
  );
  await expect(page.locator('.ring').getByText('on build-farm…')).toBeVisible();
  await page.getByRole('textbox', { name: 'Filter events' }).fill('lives on');
  await expect(page.getByRole('log', { name: 'Events' })).toContainText(
    /n2\s*lives on build-farm-west-2 \(ssh/,
  );
});

test('the evidence says where nodes lived, and its replay which hosts it takes', async ({
  studio,
  studioCommand,
  hosted,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'evidence', sim: hosted } });
  const row = page.getByRole('table', { name: 'Hosts of nodes' }).getByRole('row', { name: /^n1/ });
  await expect(row).toContainText(
    /edge ssh.*linux.*± \d+\.\d\d ms.*\d+\.\d ms.*\d+\.\d ms.*SHA256:/,
  );
  await expect(page.getByTitle(/; n1 on edge and n2 on build-farm-west-2$/)).toBeVisible();

  const file = path.join(studioCommand.folder, 'mesh.hosts.json');
  const described = await readFile(file, 'utf8');
  await writeFile(file, described.replace('"build-farm-west-2"', '"barn"'));
  await page.reload();
  await expect(
    page.getByTitle('Its nodes lived on build-farm-west-2, which mesh.hosts.json does not'),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Replay Simulation' })).toBeDisabled();
  await writeFile(file, described);
});

/** Runs in the page: whether the hosts of evidence take more than its width. */
const SCROLLS = `
  [...document.querySelectorAll('.hosts-evidence')]
    .some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)`;

const SHOWN = { run: '.lane-host', evidence: '.hosts-evidence table' } as const;

for (const view of ['run', 'evidence'] as const) {
  for (const [theme, width, height] of LOOKS) {
    test(`the ${view} of nodes on hosts can be read by everybody in ${theme} at ${width} pixels`, async ({
      studio,
      hosted,
    }) => {
      const { page } = studio;
      await studio.open({ theme, width, height, place: { view, sim: hosted } });
      await expect(page.locator(SHOWN[view]).first()).toBeVisible();
      await studio.screenshot(`hosts-${view}-${theme}-${width}`);
      await expectNoAxeViolations(page);
      expect(await overflowing(page)).toEqual([]);
      await page.setViewportSize({ width: 480, height });
      await expect.poll(() => overflowing(page)).toEqual([]);
      await expect.poll(() => page.evaluate<boolean>(SCROLLS)).toBe(false);
    });
  }
}

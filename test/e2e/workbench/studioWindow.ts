import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, type Frame, type Locator, type Page } from '@playwright/test';

const SCREENS = path.join(import.meta.dirname, '../__screens__');
/** A loaded machine takes several times longer than a quiet one to open a window. */
const OPENING_MS = 90_000;
const FRAME_MS = 40_000;
const CHOICE_MS = 20_000;
/** Evaluated in the workbench: whether the state it keeps in the browser's database names the Studio's panel. */
const LAYOUT_NAMES_STUDIO = `(async () => {
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await answer(indexedDB.open(name));
    const items = await answer(database.transaction('ItemTable').objectStore('ItemTable').getAll());
    database.close();
    const layout = items.map(String).find((item) => item.includes('editorpart.state'));
    if (layout?.includes('meshSim.studio')) return true;
  }
  return false;
})()`;

/** One window of the editor, driven as a person does: palette, views, notifications, the Studio's page. */
export class StudioWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /**
   * Shows the view of the extension and waits until the extension, activated by that, has filled it. By command: icons of the
   * activity bar move when another view appears beside them, and a click on the icon of a shown view hides it.
   */
  async showProvenance(): Promise<void> {
    const icon = this.page.getByRole('tab', { name: 'Mesh-Sim', exact: true });
    await icon.waitFor({ timeout: OPENING_MS });
    await this.runCommand('Mesh-Sim: Focus on Provenance View');
    const filled = this.tree().getByRole('treeitem').or(this.welcome());
    await filled.first().waitFor({ timeout: OPENING_MS });
  }

  /**
   * Runs a command by its title in the palette, such as "Mesh-Sim: Open Studio". The palette lists what was enabled when it
   * opened, and a window that is young may not know yet that it is trusted: it is opened again until the command is there.
   */
  async runCommand(title: string): Promise<void> {
    await expect(async () => {
      await this.#focusWorkbench();
      await this.page.keyboard.press('F1');
      await this.#input().fill(`>${title}`);
      await this.#focusChoice(title, 3_000);
    }).toPass();
    await this.#input().press('Enter');
  }

  /**
   * Opens a file of the workspace by its name, in the editor that is made for it. What was found when the list was last open may
   * answer before the disk does, without what was written since: the list is opened again until the file is there.
   */
  async openFile(name: string): Promise<void> {
    await expect(async () => {
      await this.runCommand('Go to File...');
      await this.#input().fill(name);
      await this.#focusChoice(name, 3_000);
    }).toPass();
    await this.#input().press('Enter');
    await this.tab(name).waitFor();
  }

  /** Types into the open quick pick and accepts the row that says the text. */
  async pick(text: string): Promise<void> {
    await this.#input().fill(text);
    await this.#focusChoice(text);
    // By key: a click would miss while the list is being rendered anew.
    await this.#input().press('Enter');
  }

  /**
   * Types into the input box that asks the question and accepts it; what is wrong with it is told below the box, and it stays
   * open. The box before it is open until its answer was checked, so the question is waited for.
   */
  async answer(question: string, text: string): Promise<void> {
    await expect(this.question()).toContainText(question);
    const input = this.#input();
    await input.fill(text);
    await input.press('Enter');
  }

  /** The open input box or quick pick, with its title and what it says. */
  question(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** A question that stops the editor until a button of it is pressed. */
  dialog(text: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name: text });
  }

  /**
   * Answers the editor's own save dialog, which is a quick pick too.
   * @param suggested the name that is offered
   */
  async saveAs(file: string, suggested = /\.capsim$/): Promise<void> {
    const input = this.#input();
    await expect(input).toHaveValue(suggested);
    await this.#parentFolder().waitFor();
    await input.fill(file);
    await expect(async () => {
      // The dialog takes no key while it lists the folder that was typed.
      if (await input.isVisible()) await input.press('Enter', { timeout: 1_000 });
      await expect.poll(() => existsSync(file), { timeout: 2_000 }).toBe(true);
    }, `${file} was written`).toPass();
  }

  /** Answers the editor's own dialog for opening a file, which takes no key until it has listed the folder that was typed. */
  async openAs(file: string): Promise<void> {
    const input = this.#input();
    await expect(input).toHaveValue(/\/$/);
    await this.#parentFolder().waitFor();
    await input.fill(file);
    await this.choices()
      .filter({ hasText: path.basename(file) })
      .first()
      .waitFor();
    await input.press('Enter');
  }

  /** The open quick pick's rows. */
  choices(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  /** Opens a row's context menu and chooses from it; the menu ignores a click in its first instants, and may close late. */
  async chooseFromMenu(row: Locator, name: string): Promise<void> {
    await row.click({ button: 'right' });
    const item = this.page.getByRole('menuitem', { name });
    await item.waitFor();
    await expect(async () => {
      if (await item.isHidden()) return;
      await item.click({ timeout: 2_000 });
      await expect(item).toBeHidden({ timeout: 1_000 });
    }).toPass();
  }

  /** "Pack Capsule", up to its row in the tree. */
  async pack(): Promise<void> {
    await this.runCommand('Mesh-Sim: Pack Capsule');
    await expect(this.rows('Pack').first()).toBeVisible();
  }

  /** "Simulate Mesh" for the only Capsule; resolves when the preset was chosen. */
  async simulate(preset: string): Promise<void> {
    await this.runCommand('Mesh-Sim: Simulate Mesh');
    await this.pick(preset);
  }

  /** The rows of the tree that say the text. */
  rows(text: string | RegExp): Locator {
    return this.tree().getByRole('treeitem').filter({ hasText: text });
  }

  tree(): Locator {
    return this.page.getByRole('tree', { name: 'Provenance' });
  }

  /** What the view says while it has no rows. */
  welcome(): Locator {
    return this.page.locator('.welcome-view-content:visible');
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Presses a button of a notification, also of one whose toast went away by itself: it is in the notification center then. */
  async answerNotification(text: string, button: string): Promise<void> {
    const said = this.page.locator('.notification-list-item:visible', { hasText: text });
    let isPressed = false;
    await expect(async () => {
      if (isPressed && (await said.count()) === 0) return;
      if ((await said.count()) === 0) await this.runCommand('Notifications: Show Notifications');
      // The toast of a progress may leave at the same time, and a click would miss the one that moves up.
      await said.getByRole('button', { name: button }).click({ timeout: 2_000 });
      isPressed = true;
      await expect(said).toHaveCount(0, { timeout: 1_000 });
    }).toPass();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.part.editor').getByRole('tab', { name });
  }

  /** The Studio's page in its panel. */
  studioFrame(): Promise<Frame> {
    return this.frameWith('body[data-boot*=\'"door":"editor"\']');
  }

  /**
   * The frame that holds such an element. All webviews lie in one layer of the workbench and are made anew whenever they are
   * shown, so a frame is found by its content.
   */
  async frameWith(selector: string): Promise<Frame> {
    let found: Frame | undefined;
    await expect
      .poll(
        async () => {
          found = await firstWith(this.page.frames(), selector);
          return found !== undefined;
        },
        { message: `a frame with ${selector}`, timeout: FRAME_MS },
      )
      .toBe(true);
    if (found === undefined) throw new Error(`No frame holds ${selector}.`);
    return found;
  }

  /** Writes `<name>.png` to `test/e2e/__screens__`. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(SCREENS, `${name}.png`) });
  }

  /**
   * Loads the workbench anew, as "Developer: Reload Window" does, once it has saved that the Studio is open: in a browser VS Code
   * saves its layout every few seconds, since it may not wait for anything while a page goes away.
   */
  async reload(): Promise<void> {
    const isSaved = () => this.page.evaluate<boolean>(LAYOUT_NAMES_STUDIO);
    await expect.poll(isSaved, { timeout: FRAME_MS }).toBe(true);
    await this.page.reload({ waitUntil: 'commit' });
    await this.showProvenance();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Of a file dialog, once it has listed its folder; until then it may still put another path into its box. */
  #parentFolder(): Locator {
    return this.question().getByRole('option', { name: '..', exact: true });
  }

  #input(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** Goes down to the first row that says the text; a better match of its letters may stand above it. */
  async #focusChoice(text: string, timeout = CHOICE_MS): Promise<void> {
    const row = this.choices().filter({ hasText: text }).first();
    await row.waitFor({ timeout });
    const focused = row.and(this.page.locator('.focused'));
    await expect(async () => {
      if (!(await focused.isVisible())) await this.#moveDown();
      expect(await focused.isVisible()).toBe(true);
    }).toPass();
  }

  /** One key at a time: a second one, pressed before the list shows what the first did, would lead past the row. */
  async #moveDown(): Promise<void> {
    const focusedRow = 'aria-activedescendant';
    const before = await this.#input().getAttribute(focusedRow);
    await this.#input().press('ArrowDown');
    await expect(this.#input()).not.toHaveAttribute(focusedRow, before ?? '');
  }

  /** Keys pressed inside a page of another origin never reach the workbench. */
  async #focusWorkbench(): Promise<void> {
    await this.page.evaluate('document.activeElement?.blur?.(); window.focus()');
  }
}

async function firstWith(frames: readonly Frame[], selector: string): Promise<Frame | undefined> {
  for (const frame of frames) {
    const count = await frame
      .locator(selector)
      .count()
      .catch(() => 0);
    if (count > 0) return frame;
  }
  return undefined;
}

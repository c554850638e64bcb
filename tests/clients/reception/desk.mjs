// A browser at the reception desk: what a person does there, in words.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
export const PIN = '273849';
const LONG = 20_000;

export const open = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });

/** Asks the server as a program would. */
export async function ask(origin, token, query, variables = {}) {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const told = await answer.json();
  if (told.errors) throw new Error(JSON.stringify(told.errors));
  return told.data;
}

/** Every visit that this user can see. */
export async function visits(origin, token) {
  const found = [];
  for (let after = null; ; ) {
    const { visits } = await ask(
      origin, token,
      `query ($after: String) { visits(first: 100, after: $after) { nodes { id ticket visitorKind topics note } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    found.push(...visits.nodes);
    if (!visits.pageInfo.hasNextPage) return found;
    after = visits.pageInfo.endCursor;
  }
}

export class Desk {
  /** A device of its own: nothing of another desk is on it. */
  static async at(browser, origin, token, options = {}) {
    const context = await browser.newContext({
      baseURL: origin, locale: 'en-GB', timezoneId: 'Asia/Yangon', viewport: { width: 1280, height: 900 }, ...options,
    });
    context.setDefaultTimeout(LONG);
    const page = await context.newPage();
    const desk = new Desk(context, page, token);
    page.on('console', (message) => {
      // A request without a network, or one that a test refuses, is no fault of the page.
      if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) desk.faults.push(message.text());
    });
    page.on('pageerror', (error) => desk.faults.push(String(error)));
    await page.goto('/reception');
    await desk.stage('signIn');
    return desk;
  }

  constructor(context, page, token) {
    Object.assign(this, { context, page, token, faults: [], shots: process.env.LANPYA_SHOTS });
  }

  stage(name) {
    return this.page.locator(`[data-stage="${name}"]`).waitFor();
  }

  async signIn() {
    await this.page.fill('#token', this.token);
    await this.page.keyboard.press('Enter');
    await this.stage('choosePin');
    await this.page.fill('#pin', PIN);
    await this.page.fill('#pin-twice', PIN);
    await this.page.keyboard.press('Enter');
    await this.stage('open');
    await this.page.locator('#centre option:checked:not([value=""])').waitFor({ state: 'attached' });
  }

  async unlock(pin = PIN) {
    await this.stage('locked');
    await this.page.fill('#pin', pin);
    await this.page.keyboard.press('Enter');
  }

  /** Logs a visit with keys alone, beginning where the focus is; `keys` choose within the groups. */
  async log({ kind = '1', sex = '1', age = '', topics = '', services = '', note = '' } = {}) {
    const { page } = this;
    const press = async (keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.locator('#find:focus').waitFor();
    await page.keyboard.press('Tab');
    await press(kind);
    await page.keyboard.press('Tab');
    await press(sex);
    await page.keyboard.press('Tab');
    await page.keyboard.type(age);
    await page.keyboard.press('Tab'); // ticket
    await page.keyboard.press('Tab');
    await press(topics);
    await page.keyboard.press('Tab');
    await press(services);
    if (note) {
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('Tab');
      await page.keyboard.type(note);
      await page.keyboard.press('Control+Enter');
    } else await page.keyboard.press('Enter');
    await page.locator('#find:focus').waitFor();
  }

  /** Waits until the page itself says how many visits are not sent. */
  unsent(count) {
    return this.page.locator(`#status[data-unsent="${count}"]`).waitFor();
  }

  refused(count) {
    return this.page.locator(`#status[data-refused="${count}"]`).waitFor();
  }

  /** The page can come up without a network from now on. */
  async installed() {
    await this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      while (registration.active?.state !== 'activated' || !navigator.serviceWorker.controller) {
        await new Promise((done) => setTimeout(done, 50));
      }
    });
  }

  async offline(is) {
    await this.context.setOffline(is);
    await this.page.locator(`#status[data-online="${!is}"]`).waitFor();
  }

  speak(language) {
    return this.page.selectOption('#language', language).then(() => this.page.locator(`html[lang="${language}"]`).waitFor());
  }

  /** What axe finds; the names of rules and the places. */
  async axe() {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join('; ').slice(0, 400)}`);
  }

  /** Clean for axe, and wide enough, in each language. */
  async clean(state, languages = ['en', 'my', 'th']) {
    const faults = [];
    for (const language of languages) {
      await this.speak(language);
      faults.push(...(await this.axe()).map((fault) => `${state} ${language}: ${fault}`));
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${state} ${language}: ${wide} px too wide`);
      await this.shot(`${state}-${language}`);
    }
    await this.speak('en');
    return faults;
  }

  /** The whole page, as tall as it is: what sticks to an edge stands where it belongs. */
  async shot(name) {
    if (!this.shots) return;
    const size = this.page.viewportSize();
    const height = await this.page.evaluate(() => Math.max(innerHeight, document.documentElement.scrollHeight));
    await this.page.setViewportSize({ width: size.width, height });
    await this.page.screenshot({ path: `${this.shots}/reception-${name}.png` });
    await this.page.setViewportSize(size);
  }

  /** Rows of the device's own database, as anybody could read them who has the device. */
  stored(store) {
    return this.page.evaluate(
      (store) =>
        new Promise((done, fail) => {
          const request = indexedDB.open('lanpya-reception');
          request.onerror = () => fail(request.error);
          request.onsuccess = () => {
            const base = request.result;
            if (!base.objectStoreNames.contains(store)) return base.close(), done([]);
            const all = base.transaction(store).objectStore(store).getAll();
            all.onsuccess = () => {
              base.close();
              done(all.result.map(({ sealed, ...rest }) => ({ ...rest, sealed: sealed && new TextDecoder('latin1').decode(sealed.data) })));
            };
          };
        }),
      store,
    );
  }

  close() {
    return this.context.close();
  }
}

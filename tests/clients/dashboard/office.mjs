// A browser at a coordinator's desk: what a person does there, in words.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export class Office {
  static async at(browser, origin, token, { path = '/dashboard', ...options } = {}) {
    const context = await browser.newContext({
      baseURL: origin, locale: 'en-GB', timezoneId: 'Asia/Yangon', viewport: { width: 1280, height: 900 }, ...options,
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const office = new Office();
    Object.assign(office, { context, page, token, faults: [], shots: process.env.LANPYA_SHOTS });
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) office.faults.push(message.text());
    });
    page.on('pageerror', (error) => office.faults.push(String(error)));
    await page.goto(path);
    await page.locator('[data-stage="signIn"]').waitFor();
    return office;
  }

  async signIn() {
    await this.page.fill('#token', this.token);
    await this.page.keyboard.press('Enter');
    await this.page.locator('[data-stage="open"]').waitFor();
    await this.settled();
  }

  /** Every panel has its answer, and every chart is drawn. */
  settled() {
    return this.page.waitForFunction(() => {
      const panels = [...document.querySelectorAll('.figure')];
      const charts = [...document.querySelectorAll('.canvas canvas')];
      // The address may have changed before the page has.
      if (document.querySelector('.board')?.dataset.search !== location.search) return false;
      return panels.length > 5 && panels.every((one) => one.dataset.state !== 'busy') && charts.every((one) => one.dataset.drawn);
    });
  }

  /** The counts of a table: by the key of its rows, a list of one for each series. */
  table(id) {
    return this.page.locator(`#table-${id} tbody tr`).evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.dataset.key,
          [...row.querySelectorAll('[data-count], [data-suppressed]')].map((one) =>
            'count' in one.dataset ? Number(one.dataset.count) : `≥${one.dataset.suppressed}`,
          ),
        ]),
      ),
    );
  }

  async total(name) {
    const value = await this.page.locator(`#total-${name}`).getAttribute('data-value');
    return value === '' ? null : Number(value);
  }

  search() {
    return new URL(this.page.url()).search;
  }

  async choose(id, value) {
    await this.page.selectOption(`#${id}`, value);
    await this.settled();
  }

  async speak(language) {
    await this.page.selectOption('#language', language);
    await this.page.locator(`html[lang="${language}"]`).waitFor();
    await this.settled();
  }

  /** Clean for axe, and no wider than the screen, in each language. */
  async clean(state, languages = ['en', 'my', 'th']) {
    const faults = [];
    for (const language of languages) {
      await this.speak(language);
      await this.page.evaluate(axe);
      const found = await this.page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
      for (const { id, nodes } of found.violations) {
        faults.push(`${state} ${language}: ${id}: ${nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join('; ').slice(0, 400)}`);
      }
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) faults.push(`${state} ${language}: ${wide} px too wide`);
      await this.shot(`${state}-${language}`);
    }
    await this.speak('en');
    return faults;
  }

  async shot(name) {
    if (this.shots) await this.page.screenshot({ path: `${this.shots}/dashboard-${name}.png`, fullPage: true });
  }
}

// What must be true of the dashboard, one step each. A step throws where it is not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ask } from '../reception/desk.mjs';
import { Office } from './office.mjs';

const day = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
const now = new Date();
const YEAR = { gte: day(new Date(now.getFullYear(), now.getMonth() - 11, 1)), lte: day(now) };

/** The server's own counts: of everything, and by topic. */
async function counts(origin, token, where) {
  const query = `query ($where: VisitFilter) {
    all: visitStatistics(where: $where) { total { visits visitors firstVisits } }
    topics: visitStatistics(where: $where, groupBy: [TOPICS], orderBy: COUNT, first: 15) { groups { visits key { topics } } }
    months: visitStatistics(where: $where, groupBy: [CHANNEL], bucket: MONTH) { groups { visits key { channel period { label } } } }
  }`;
  const { all, topics, months } = await ask(origin, token, query, { where });
  return {
    total: all.total,
    topics: Object.fromEntries(topics.groups.map((group) => [group.key.topics ?? '', [group.visits]])),
    months: months.groups.reduce((sums, { visits, key }) => ({ ...sums, [key.period.label]: (sums[key.period.label] ?? 0) + visits }), {}),
  };
}

async function same(office, told) {
  assert.equal(await office.total('visits'), told.total.visits);
  assert.equal(await office.total('visitors'), told.total.visitors);
  assert.equal(await office.total('firstVisits'), told.total.firstVisits);
  assert.deepEqual(await office.table('topics'), told.topics);
  const months = Object.entries(await office.table('months')).map(([month, cells]) => [month, cells.reduce((all, one) => all + one, 0)]);
  assert.deepEqual(Object.fromEntries(months.filter(([, visits]) => visits > 0)), told.months);
}

/** Tables say what the server says; a filter changes address and numbers; reload, back and a shared link hold. */
export async function numbers({ browser, origin, token }) {
  const office = await Office.at(browser, origin, token);
  const { page } = office;
  await office.signIn();
  const everything = await counts(origin, token, { visitedOn: YEAR });
  assert.ok(everything.total.visits > 100);
  await same(office, everything);
  assert.equal(office.search(), '');
  await office.shot('whole');

  await office.choose('channel', 'PHONE');
  assert.equal(office.search(), '?channel=PHONE');
  const phone = await counts(origin, token, { visitedOn: YEAR, channel: { eq: 'PHONE' } });
  assert.ok(phone.total.visits > 0 && phone.total.visits < everything.total.visits);
  await same(office, phone);

  await page.reload();
  await office.settled();
  assert.equal(office.search(), '?channel=PHONE');
  await same(office, phone);

  const centre = await page.locator('#centre option').nth(1).getAttribute('value');
  await office.choose('centre', centre);
  assert.equal(new URLSearchParams(office.search()).get('centre'), centre);
  const both = { visitedOn: YEAR, channel: { eq: 'PHONE' }, centre: { is: { code: { eq: centre } } } };
  await same(office, await counts(origin, token, both));

  await page.goBack();
  await office.settled();
  await same(office, phone);
  await page.goBack();
  await office.settled();
  assert.equal(office.search(), '');
  await same(office, everything);
  await page.goForward();
  await office.settled();
  await same(office, phone);

  await page.fill('#from', YEAR.lte);
  await office.settled();
  assert.equal(office.search(), `?from=${YEAR.lte}&channel=PHONE`);
  assert.equal(await office.total('visits'), (await counts(origin, token, { visitedOn: { ...YEAR, gte: YEAR.lte }, channel: { eq: 'PHONE' } })).total.visits);
  await office.shot('little');

  // A link that was shared, in another window.
  const other = await Office.at(browser, origin, token, { path: '/dashboard?channel=PHONE' });
  await other.signIn();
  await same(other, phone);
  assert.deepEqual([...office.faults, ...other.faults], []);
  return { visits: everything.total.visits, byPhone: phone.total.visits };
}

/** What may not be told looks so, and is never a zero. */
export async function suppressed({ browser, origin, officer }) {
  const office = await Office.at(browser, origin, officer);
  const { page } = office;
  await office.signIn();
  const { statistics } = await ask(origin, officer, `{ statistics: visitStatistics(groupBy: [TOPICS], bucket: QUARTER, first: 1000) { isPublished groups { visits atLeast isSuppressed key { period { label } topics } } } }`);
  assert.equal(statistics.isPublished, true);
  const last = statistics.groups.map((group) => group.key.period.label).sort().at(-1);
  const told = statistics.groups.filter((group) => group.key.period.label === last);
  const table = await office.table('topics');
  assert.deepEqual(table, Object.fromEntries(told.map((group) => [group.key.topics ?? '', [group.isSuppressed ? `≥${group.atLeast}` : group.visits]])));
  const hidden = told.filter((group) => group.isSuppressed);
  assert.ok(hidden.length > 0 && hidden.length < told.length, 'some are suppressed, some are not');
  const words = await page.locator('#table-topics td.hidden').allInnerTexts();
  assert.equal(words.length, hidden.length);
  for (const word of words) assert.match(word, /^(Suppressed|≥ \d+)$/);
  assert.match(await page.locator('#topics .published').innerText(), /published figures/);
  assert.match(await page.locator('#topics .hatched').innerText(), /not zero/);
  assert.equal(await office.total('visitors'), null);
  assert.equal(await page.locator('#total-visitors').innerText(), 'Not shown to your role');
  assert.equal(await page.locator('#sex').count(), 1, 'sex and age, one at a time');
  assert.equal(await page.locator('#complaints').count(), 1);
  // Filters do not apply to what is published.
  await office.choose('channel', 'PHONE');
  assert.deepEqual(await office.table('topics'), table);
  await office.choose('channel', '');
  const faults = await office.clean('officer');
  assert.deepEqual([...faults, ...office.faults], []);
  return { hidden: hidden.length, shown: told.length - hidden.length };
}

/** The file has the rows of the panel. */
export async function file({ browser, origin, token }) {
  const office = await Office.at(browser, origin, token, { path: '/dashboard?channel=PHONE' });
  const { page } = office;
  await office.signIn();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#topics .csv')]);
  const lines = readFileSync(await saved.path(), 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/).map((line) => line.split(','));
  const [titles, , ...rows] = lines;
  const at = titles.indexOf('Visits');
  assert.ok(at > 0, titles.join());
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row[0], [Number(row[at])]])), await office.table('topics'));
  assert.match(saved.suggestedFilename(), /^visit-statistics-.*\.csv$/);
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.click('#complaints .xlsx')]);
  assert.match(sheet.suggestedFilename(), /^complaint-statistics-.*\.xlsx$/);
  return { rows: rows.length };
}

/** Wrong tokens, limits that are reached, and a token that ends. */
export async function troubles({ browser, origin, token }) {
  const office = await Office.at(browser, origin, 'nothing');
  const { page } = office;
  await page.fill('#token', 'nothing');
  await page.keyboard.press('Enter');
  await page.locator('.error').waitFor();
  await office.shot('wrong-token');
  let refused = 0;
  await page.route('**/graphql', (route) => {
    if (refused > 0 || !route.request().postData()?.includes('TOPICS')) return route.continue();
    refused += 1;
    const body = JSON.stringify({ errors: [{ message: '', extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }] });
    return route.fulfill({ status: 429, contentType: 'application/json', body });
  });
  office.token = token;
  await office.signIn();
  await page.locator('#topics[data-state="trouble"]').waitFor();
  await office.shot('limited');
  await page.locator('#topics .again:enabled').click();
  await page.locator('#topics[data-state="ready"]').waitFor();
  await page.unroute('**/graphql');
  await page.route('**/graphql', (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[{"message":"","extensions":{"code":"UNAUTHENTICATED"}}]}' }));
  await page.click('#refresh');
  await page.locator('[data-stage="signIn"]').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('lanpya.dashboard.token')), null);
  assert.deepEqual(office.faults, []);
}

/** Clean for axe, light and dark, in three languages, on a screen and on a telephone. */
export async function looks({ browser, origin, token }) {
  const faults = [];
  const sizes = { wide: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
  for (const [name, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark']) {
      const office = await Office.at(browser, origin, token, { viewport, colorScheme });
      if (name === 'phone') await office.shot(`sign-in-${colorScheme}`);
      await office.signIn();
      const open = await office.page.locator('#topics .numbers').evaluate((details) => details.open);
      assert.equal(open, name === 'wide', 'tables are open where there is room');
      faults.push(...(await office.clean(`${name}-${colorScheme}`)), ...office.faults);
      if (colorScheme === 'dark' && name === 'wide') {
        await office.page.emulateMedia({ media: 'print' });
        await office.settled();
        await office.shot('print');
      }
      await office.context.close();
    }
  }
  assert.deepEqual(faults, []);
}

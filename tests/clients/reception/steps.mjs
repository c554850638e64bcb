// What must be true of the reception page, one step each. A step throws where it is not.
import assert from 'node:assert/strict';
import { ask, Desk, PIN, visits } from './desk.mjs';

const added = async (origin, token, before) => {
  const known = new Set(before.map((visit) => visit.id));
  return (await visits(origin, token)).filter((visit) => !known.has(visit.id));
};

/** Log one, go offline, log three, reload, come back: all four on the server, once each. */
export async function offline({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  await desk.installed();
  const begun = Date.now();
  await desk.log({ kind: '2', sex: '1', age: '31', topics: '14', services: '2' });
  const keyboard = Date.now() - begun;
  await desk.unsent(0);
  await desk.offline(true);
  for (const [kind, note] of [['1', ''], ['3', 'ပြန်လာပါမည်'], ['5', '']]) await desk.log({ kind, topics: '2', note });
  await desk.unsent(3);
  await desk.shot('offline-queue');
  const lying = await desk.stored('visits');
  assert.equal(lying.filter((visit) => visit.state === 'waiting').length, 3);
  assert.ok(!JSON.stringify(lying).includes('RETURNEE'), 'what lies on the device is sealed');
  await desk.page.reload();
  await desk.stage('locked');
  await desk.unsent(3);
  await desk.shot('offline-locked');
  await desk.unlock();
  await desk.stage('open');
  await desk.unsent(3);
  await desk.offline(false);
  await desk.unsent(0);
  const there = await added(origin, token, before);
  assert.deepEqual(there.map((visit) => visit.visitorKind).sort(), ['ASPIRANT', 'CURRENT_MIGRANT', 'IDP', 'RETURNEE']);
  assert.equal(new Set(there.map((visit) => visit.ticket)).size, 4);
  assert.ok(there.some((visit) => visit.note === 'ပြန်လာပါမည်'.normalize('NFC')));
  const first = there.find((visit) => visit.visitorKind === 'CURRENT_MIGRANT');
  assert.deepEqual(first.topics.toSorted(), ['COSTS_AND_FEES', 'LEGAL_CHANNELS_AND_MOU']);
  await desk.page.locator('#today li').nth(3).waitFor();
  await desk.shot('back-online');
  assert.deepEqual(desk.faults, []);
  await desk.close();
  return { added: there.length, 'ms of the keyboard for one visit': keyboard };
}

/** An answer that is lost on the way: sent again, and there once. */
export async function lostAnswer({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  let lost = 0;
  await desk.page.route('**/graphql', async (route) => {
    if (lost > 0 || !route.request().postData()?.includes('visitsRecord')) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  await desk.log({ kind: '4' });
  await desk.page.locator('#status[data-sending="resting"]').waitFor();
  await desk.page.locator('#queue li[data-state="tried"]').waitFor();
  await desk.shot('resting');
  await desk.page.click('#send-now');
  await desk.unsent(0);
  assert.equal((await added(origin, token, before)).length, 1);
  assert.equal(lost, 1);
  await desk.close();
}

/** What the server refuses stays, is shown beside its answer, is corrected and sent. */
export async function refused({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await desk.signIn();
  await page.click('#visit summary');
  await page.fill('#homeTownship', 'MMR999999');
  await page.focus('#find');
  await desk.log({ kind: '1' });
  await desk.refused(1);
  assert.equal((await added(origin, token, before)).length, 0);
  const row = page.locator('#queue li[data-state="refused"]');
  assert.match(await row.locator('.refused-why').innerText(), /Home township: No place has this P-code/);
  await row.locator('.beside').click();
  assert.match(await page.locator('dialog tr.differs').innerText(), /Home township[\s\S]*MMR999999[\s\S]*P-code/);
  const faults = await desk.clean('refused');
  await page.locator('dialog').getByRole('button', { name: 'Correct', exact: true }).click();
  await page.locator('#homeTownship:focus').waitFor();
  await desk.shot('correct');
  await page.fill('#homeTownship', 'MMR001001');
  await page.keyboard.press('Control+Enter');
  await desk.unsent(0);
  assert.equal((await added(origin, token, before)).length, 1);
  assert.deepEqual(faults, []);
  await desk.close();
}

/** The server has something else under the id: both are shown, and neither is lost. */
export async function conflict({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  await desk.offline(true);
  await desk.log({ kind: '1', age: '20' });
  const id = await desk.page.locator('#queue li').getAttribute('data-id');
  const { resourceCentres } = await ask(origin, token, '{ resourceCentres(first: 1) { nodes { id } } }');
  const other = { id, centre: resourceCentres.nodes[0].id, visitedOn: new Date(Date.now() + 6.5 * 3_600_000).toISOString().slice(0, 10), channel: 'PHONE', visitorKind: 'RETURNEE' };
  await ask(origin, token, 'mutation ($input: VisitsRecordInput!) { visitsRecord(input: $input) { results { outcome } } }', {
    input: { visits: [other] },
  });
  await desk.offline(false);
  await desk.refused(1);
  await desk.page.click('.beside');
  await desk.page.locator('dialog tr.differs', { hasText: 'Returnee' }).waitFor();
  const faults = await desk.clean('conflict');
  await desk.page.getByRole('button', { name: 'Send mine as a new visit' }).click();
  await desk.unsent(0);
  const there = await added(origin, token, before);
  assert.deepEqual(there.map((visit) => visit.visitorKind).sort(), ['ASPIRANT', 'RETURNEE']);
  assert.deepEqual(faults, []);
  await desk.close();
}

/** A visit that is on the server is corrected without a network, while somebody else changes it: both are shown. */
export async function corrected({ browser, origin, token, other }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await desk.signIn();
  await desk.log({ kind: '1', age: '20', note: 'first' });
  await desk.unsent(0);
  const [{ id }] = await added(origin, token, before);
  const row = page.locator(`#today li[data-id="${id}"]`);
  const save = async (age) => {
    await row.locator('.correct').click();
    await page.locator('#visit-title', { hasText: 'Correct visit' }).waitFor();
    await page.fill('#ageYears', age);
    return async () => {
      await page.keyboard.press('Control+Enter');
      await page.locator('#find:focus').waitFor();
    };
  };
  const asked = 'query ($id: ID!) { visit(id: $id) { rowVersion ageYears note visitorKind } }';
  const there = async () => (await ask(origin, token, asked, { id })).visit;
  await (await save('21'))();
  await desk.unsent(0);
  assert.deepEqual(await there(), { rowVersion: 2, ageYears: 21, note: 'first', visitorKind: 'ASPIRANT' });
  // Seen with a network, corrected without.
  const saves = await save('22');
  await desk.offline(true);
  await saves();
  await desk.unsent(1);
  const change = { visit: id, expectedVersion: 2, note: 'theirs', ageYears: 60 };
  await ask(origin, other, 'mutation ($input: VisitChangeInput!) { visitChange(input: $input) { visit { id } } }', { input: change });
  await desk.offline(false);
  await desk.refused(1);
  assert.equal((await there()).note, 'theirs');
  await page.click('.beside');
  const differs = page.locator('dialog tr.differs', { hasText: 'Age in years' });
  await differs.waitFor();
  assert.match(await differs.innerText(), /22[\s\S]*60/);
  const faults = await desk.clean('corrected');
  await page.getByRole('button', { name: 'Apply my correction to it' }).click();
  await desk.unsent(0);
  assert.deepEqual(await there(), { rowVersion: 4, ageYears: 22, note: 'theirs', visitorKind: 'ASPIRANT' });
  assert.equal((await added(origin, token, before)).length, 1);
  assert.deepEqual([...faults, ...desk.faults], []);
  await desk.close();
}

/** The six questions and the age group: the server has them as they were told, and what they tell of disability. */
export async function functioning({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await desk.signIn();
  const asked = `query ($id: ID!) { visit(id: $id) {
    ageYears ageGroup disability washingtonGroup { seeing hearing walking remembering selfCare communicating }
  } }`;
  await page.locator('[data-field="visitorKind"] [data-value="RETURNEE"]').click();
  await page.click('#visit summary');
  await page.selectOption('#ageGroup', 'AGE_60_AND_OVER');
  await page.selectOption('#disability', 'UNKNOWN');
  await page.selectOption('#seeing', 'SOME_DIFFICULTY');
  await page.selectOption('#walking', 'A_LOT_OF_DIFFICULTY');
  // One such answer decides, and the page says so instead of asking.
  await page.locator('[data-field="disability"]', { hasText: 'Yes' }).waitFor();
  assert.equal(await page.locator('#disability').count(), 0);
  const faults = await desk.clean('functioning');
  await page.keyboard.press('Control+Enter');
  await page.locator('#find:focus').waitFor();
  await desk.unsent(0);
  const [{ id }] = await added(origin, token, before);
  const there = async () => (await ask(origin, token, asked, { id })).visit;
  const some = { seeing: 'SOME_DIFFICULTY', hearing: null, walking: 'A_LOT_OF_DIFFICULTY', remembering: null, selfCare: null, communicating: null };
  assert.deepEqual(await there(), { ageYears: null, ageGroup: 'AGE_60_AND_OVER', disability: 'YES', washingtonGroup: some });

  // Corrected: the rest is asked, and the age is known after all.
  await page.locator(`#today li[data-id="${id}"] .correct`).click();
  await page.locator('#visit-title', { hasText: 'Correct visit' }).waitFor();
  await page.locator('#ageGroup').evaluate((field) => (field.closest('details').open = true));
  assert.equal(await page.inputValue('#walking'), 'A_LOT_OF_DIFFICULTY');
  for (const question of ['hearing', 'walking', 'remembering', 'selfCare', 'communicating']) await page.selectOption(`#${question}`, 'NO_DIFFICULTY');
  await page.fill('#ageYears', '67');
  assert.equal(await page.locator('#ageGroup').count(), 0);
  await page.keyboard.press('Control+Enter');
  await page.locator('#find:focus').waitFor();
  await desk.unsent(0);
  const none = Object.fromEntries(Object.keys(some).map((question) => [question, 'NO_DIFFICULTY']));
  assert.deepEqual(await there(), { ageYears: 67, ageGroup: null, disability: 'NO', washingtonGroup: { ...none, seeing: 'SOME_DIFFICULTY' } });
  assert.deepEqual([...faults, ...desk.faults], []);
  await desk.close();
}

/** A token that is not taken any more: the queue stays until somebody signs in. */
export async function signedOut({ browser, origin, token }) {
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  const body = JSON.stringify({ errors: [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }] });
  await desk.page.route('**/graphql', (route) => route.fulfill({ status: 401, contentType: 'application/json', body }));
  await desk.log({ kind: '6' });
  await desk.page.locator('#token').waitFor();
  await desk.unsent(1);
  await desk.log({ kind: '7' });
  await desk.unsent(2);
  const faults = await desk.clean('sign-in-again');
  await desk.page.unroute('**/graphql');
  await desk.page.fill('#token', desk.token);
  await desk.page.press('#token', 'Enter');
  await desk.unsent(0);
  assert.deepEqual(faults, []);
  await desk.close();
}

/** Another user's visits wait for that user. */
export async function twoUsers({ browser, origin, token, other }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  await desk.offline(true);
  await desk.log({ kind: '1' });
  await desk.page.click('.menu summary');
  await desk.page.click('#sign-out');
  await desk.unlock();
  await desk.stage('open');
  await desk.offline(false);
  await desk.page.fill('#token', other);
  await desk.page.press('#token', 'Enter');
  await desk.page.locator('#queue li[data-state="others"]').waitFor();
  await desk.shot('another-user');
  assert.equal((await added(origin, token, before)).length, 0);
  await desk.page.click('.menu summary');
  await desk.page.click('#sign-out');
  await desk.unlock();
  await desk.page.fill('#token', token);
  await desk.page.press('#token', 'Enter');
  await desk.unsent(0);
  assert.equal((await added(origin, token, before)).length, 1);
  await desk.close();
}

/** Locked: nothing is to be seen; a wrong PIN opens nothing; idleness locks. */
export async function locks({ browser, origin, token }) {
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await page.clock.install();
  await page.reload();
  await desk.signIn();
  await desk.offline(true);
  await desk.log({ kind: '1', note: 'between us' });
  const ticket = await page.locator('#queue li strong').innerText();
  await page.click('#lock');
  await desk.stage('locked');
  await desk.unsent(1);
  const seen = await page.content();
  assert.ok(!seen.includes(ticket) && !seen.includes('between us'), 'nothing of the visit is in the page');
  assert.ok(!JSON.stringify(await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))).includes(token), 'the token is sealed');
  const faults = await desk.clean('locked');
  await desk.unlock('999999');
  await page.getByText('This PIN is not right.').waitFor();
  await desk.unlock(PIN);
  await desk.stage('open');
  await page.locator('#queue li', { hasText: ticket }).waitFor();
  await page.clock.fastForward('11:00');
  await desk.stage('locked');
  assert.deepEqual(faults, []);
  await desk.close();
}

/** Wiping says what it costs, and leaves nothing. */
export async function wipes({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await desk.signIn();
  await desk.offline(true);
  await desk.log({ kind: '1' });
  await desk.log({ kind: '2' });
  await page.click('.menu summary');
  await desk.shot('menu');
  await page.click('#wipe');
  await page.getByText('2 visits are not sent. They will be lost for good.').waitFor();
  assert.ok(await page.locator('#wipe-now').isDisabled(), 'not without a word of consent');
  const faults = (await desk.axe()).concat();
  await desk.shot('wipe');
  await page.check('#wipe-sure');
  await page.click('#wipe-now');
  await desk.stage('signIn');
  assert.deepEqual(await desk.stored('visits'), []);
  assert.deepEqual(await desk.stored('lock'), []);
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await desk.context.setOffline(false);
  assert.equal((await added(origin, token, before)).length, 0);
  assert.deepEqual(faults, []);
  await desk.close();
}

/** What the server took is dropped after the time the settings allow; what it has not taken stays. */
export async function retention({ browser, origin, token }) {
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  await desk.log({ kind: '1' });
  await desk.unsent(0);
  await desk.offline(true);
  await desk.log({ kind: '2' });
  await desk.unsent(1);
  const age = (hours) =>
    desk.page.evaluate(
      (ms) =>
        new Promise((done) => {
          const request = indexedDB.open('lanpya-reception');
          request.onsuccess = () => {
            const base = request.result;
            const work = base.transaction(['visits', 'cache'], 'readwrite');
            const older = (store, change) =>
              (work.objectStore(store).openCursor().onsuccess = ({ target: { result: cursor } }) => {
                if (!cursor) return;
                cursor.update(change(cursor.value));
                cursor.continue();
              });
            older('visits', (visit) => ({ ...visit, madeAt: visit.madeAt - ms, sentAt: visit.sentAt && visit.sentAt - ms }));
            older('cache', (kept) => ({ ...kept, at: kept.at - ms }));
            work.oncomplete = () => (base.close(), done());
          };
        }),
      hours * 3_600_000,
    );
  await age(11);
  await desk.page.reload();
  await desk.unlock();
  await desk.stage('open');
  assert.deepEqual((await desk.stored('visits')).map((visit) => visit.state).sort(), ['sent', 'waiting']);
  await age(2);
  await desk.page.reload();
  await desk.stage('locked');
  assert.deepEqual((await desk.stored('visits')).map((visit) => visit.state), ['waiting']);
  await desk.close();
}

/** Zawgyi is recognised and offered converted. The text is the name of the language, written in Zawgyi. */
export async function zawgyi({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  await desk.signIn();
  await desk.installed();
  await desk.offline(true); // the tools are on the device
  await desk.page.fill('#note', 'ျမန္မာစာ ေရးထားသည္');
  await desk.page.locator('.offer .converted').waitFor();
  assert.equal(await desk.page.locator('.offer .converted').innerText(), 'မြန်မာစာ ရေးထားသည်');
  const faults = await desk.clean('zawgyi', ['en']);
  await desk.page.click('.offer button.main');
  await desk.page.locator('.offer').waitFor({ state: 'detached' });
  assert.equal(await desk.page.inputValue('#note'), 'မြန်မာစာ ရေးထားသည်');
  await desk.page.focus('#find');
  await desk.log({ kind: '1' });
  await desk.offline(false);
  await desk.unsent(0);
  assert.deepEqual((await added(origin, token, before)).map((visit) => visit.note), ['မြန်မာစာ ရေးထားသည်']);
  assert.deepEqual(faults, []);
  await desk.close();
}

/** A visitor who comes again is found by ticket, with and without a network. */
export async function returning({ browser, origin, token }) {
  const before = await visits(origin, token);
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  await desk.signIn();
  const known = before.find((visit) => visit.ticket.length > 4);
  await page.fill('#find', known.ticket);
  await page.locator(`.hits [data-ticket="${known.ticket}"]`).first().waitFor();
  const faults = await desk.clean('find');
  await page.locator(`.hits [data-ticket="${known.ticket}"]`).first().click();
  await page.locator('.known').waitFor();
  await page.locator('[data-field="topics"] button:focus').waitFor();
  await page.keyboard.press('2');
  await page.keyboard.press('Enter');
  await page.locator('#find:focus').waitFor(); // it lies on the device
  await desk.unsent(0);
  const [again] = await added(origin, token, before);
  assert.equal(again.ticket, known.ticket);
  await desk.offline(true);
  await page.fill('#find', known.ticket);
  await page.locator(`.hits [data-ticket="${known.ticket}"]`).first().waitFor();
  assert.deepEqual(faults, []);
  await desk.close();
}

/** By the organisation's own provider: left, signed in there, come back; the address says nothing of it. */
export async function openId({ browser, origin, token }) {
  const desk = await Desk.at(browser, origin, token);
  const { page } = desk;
  const faults = await desk.clean('openid');
  await page.click('.sign-in > button.main');
  await desk.stage('choosePin');
  assert.equal(page.url(), `${origin}/reception`);
  await page.fill('#pin', PIN);
  await page.fill('#pin-twice', PIN);
  await page.keyboard.press('Enter');
  await desk.stage('open');
  await page.locator('#centre option:checked:not([value=""])').waitFor({ state: 'attached' });
  await desk.log({ kind: '1' });
  await desk.unsent(0);
  await page.locator('#said', { hasText: 'Sent' }).waitFor();
  assert.deepEqual([...faults, ...desk.faults], []);
  await desk.close();
}

/** Every face in three languages, light and dark, wide and 360 px: nothing for axe to find, large enough to touch. */
export async function accessible({ browser, origin, token }) {
  const faults = [];
  for (const [name, options] of [
    ['wide', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ]) {
    const desk = await Desk.at(browser, origin, token, options);
    const { page } = desk;
    faults.push(...(await desk.clean(`${name}-sign-in`)));
    await page.fill('#token', token);
    await page.keyboard.press('Enter');
    await desk.stage('choosePin');
    faults.push(...(await desk.clean(`${name}-pin`)));
    await page.fill('#pin', PIN);
    await page.fill('#pin-twice', PIN);
    await page.keyboard.press('Enter');
    await desk.stage('open');
    await page.locator('#today .quiet', { hasText: 'As of' }).waitFor();
    faults.push(...(await desk.clean(`${name}-desk`)));
    await page.click('#visit summary');
    faults.push(...(await desk.clean(`${name}-details`, ['en'])));
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, input:not([type=checkbox]), select, textarea, summary, label.check')]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.textContent, one.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
        .map(([text, box]) => `${text} ${box.width}×${box.height}`),
    );
    faults.push(...small.map((one) => `${name}: too small: ${one}`));
    faults.push(...desk.faults);
    await desk.close();
  }
  assert.deepEqual(faults, []);
}

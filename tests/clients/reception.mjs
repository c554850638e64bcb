// The reception page of the server at argv[2] in a real Chromium, with the tokens of two users in LANPYA_TOKEN and
// LANPYA_OTHER_TOKEN; prints JSON: each step, whether it held, and what was measured. More arguments: names of steps.
// LANPYA_SHOTS names a folder for pictures of each state; CHROMIUM a browser elsewhere.
import { open } from './reception/desk.mjs';
import * as steps from './reception/steps.mjs';

const [, , origin, ...only] = process.argv;
const { LANPYA_TOKEN: token, LANPYA_OTHER_TOKEN: other } = process.env;
const browser = await open();
const results = [];
for (const [name, step] of Object.entries(steps)) {
  // The provider is another server's: asked for by name alone.
  if (only.length > 0 ? !only.includes(name) : name === 'openId') continue;
  const begun = Date.now();
  try {
    results.push({ name, held: true, told: await step({ browser, origin, token, other }), ms: Date.now() - begun });
  } catch (error) {
    const page = browser.contexts().at(-1)?.pages()[0];
    const seen = (await page?.innerText('body').catch(() => ''))?.slice(0, 500);
    results.push({ name, held: false, why: String(error.stack ?? error), seen, ms: Date.now() - begun });
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
console.log(JSON.stringify(results));

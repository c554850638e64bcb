// The dashboard of the server at argv[2] in a real Chromium, with the tokens of a supervisor and a data officer in
// LANPYA_TOKEN and LANPYA_OFFICER_TOKEN; prints JSON: each step, whether it held, and what was measured. More arguments:
// names of steps. LANPYA_SHOTS names a folder for pictures of each state; CHROMIUM a browser elsewhere.
import * as steps from './dashboard/steps.mjs';
import { open } from './reception/desk.mjs';

const [, , origin, ...only] = process.argv;
const { LANPYA_TOKEN: token, LANPYA_OFFICER_TOKEN: officer } = process.env;
const browser = await open();
const results = [];
for (const [name, step] of Object.entries(steps)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const begun = Date.now();
  try {
    results.push({ name, held: true, told: await step({ browser, origin, token, officer }), ms: Date.now() - begun });
  } catch (error) {
    const page = browser.contexts().at(-1)?.pages()[0];
    const seen = (await page?.innerText('body').catch(() => ''))?.slice(0, 500);
    results.push({ name, held: false, why: String(error.stack ?? error), seen, ms: Date.now() - begun });
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
console.log(JSON.stringify(results));

// Follows a link in Chromium as a person would, and saves what the browser brings home.
// download.js CHROMIUM URL TARGET [PASSWORD]: prints the name that the browser suggests.
const { chromium } = require("playwright-core");

const [program, url, target, password] = process.argv.slice(2);

async function main() {
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  const credentials = password === undefined ? undefined : { username: "anyone", password };
  const page = await (await browser.newContext({ acceptDownloads: true, httpCredentials: credentials })).newPage();
  await page.setContent(`<a href="${url}">the archive</a>`);
  const started = page.waitForEvent("download");
  await page.click("a");
  const download = await started;
  await download.saveAs(target);
  console.log(download.suggestedFilename());
  await browser.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

// Opens pages in Firefox. Standard input is {"firefox": path, "visits": [{"url", "until", "value"}]}: an
// address, a script that is true once the page is ready, and one whose value is asked for. Prints
// [{"value", "errors"}], in that order.
import { json } from "node:stream/consumers";
import puppeteer from "puppeteer-core";

const { firefox, visits } = await json(process.stdin);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, protocolTimeout: 300_000 });
try {
	const seen = [];
	for (const { url, until, value } of visits) {
		const page = await browser.newPage();
		const errors = [];
		page.on("pageerror", (error) => errors.push(String(error)));
		page.on("console", (said) => said.type() === "error" && errors.push(said.text()));
		page.setDefaultTimeout(120_000);
		await page.goto(url);
		await page.waitForFunction(until).catch((error) => errors.push(`${until}: ${error}`));
		seen.push({ value: await page.evaluate(value), errors });
		await page.close();
	}
	console.log(JSON.stringify(seen));
} finally {
	await browser.close();
}

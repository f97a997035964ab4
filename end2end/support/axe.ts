// What axe finds on a page, in both themes.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** Rules about colours: the themes differ by nothing else. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe has to say of a page that is shown light, then dark; in a form that one can read. */
export async function violations(page: Page): Promise<string[]> {
  const light = await new AxeBuilder({ page }).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await new AxeBuilder({ page }).withRules(OF_COLOURS).analyze();
  await page.emulateMedia({ colorScheme: "light" });
  return Object.entries({ light, dark }).flatMap(([theme, { violations }]) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${theme}, ${id}: ${node.html}\n${node.failureSummary ?? ""}`)));
}

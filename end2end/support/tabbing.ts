// Going on with Tab, as people without a mouse do.
import { expect, type Locator, type Page } from "@playwright/test";

/** Goes on with Tab, or back with Shift+Tab, until the element has the focus, which is seen at every stop. */
export async function tabTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let stops = 0; stops < 40; stops++) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) {
      const shown = await target.evaluate((element) => {
        const marked = (style: CSSStyleDeclaration) =>
          (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
        // A field may show its focus on the box around it.
        for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
          if (marked(getComputedStyle(at)) && at.matches(":focus, :focus-within")) return true;
        }
        return false;
      });
      expect(shown, "the focus is visible").toBe(true);
      return;
    }
  }
  throw new Error(`Tab does not reach ${target}`);
}

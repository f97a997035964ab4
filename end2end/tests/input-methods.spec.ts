// While an input method composes, its keys are its own: wherever keys do something, they do nothing then.
import type { Locator } from "@playwright/test";
import { expect, test } from "../support/test.ts";

/** How browsers tell that a key is the input method's: by a flag; Safari's last one by its number alone. */
const tellings = [{ isComposing: true }, { keyCode: 229 }];

/** Presses a key that an input method has; answers whether the page has taken it. */
async function compose(at: Locator, key: string): Promise<boolean[]> {
  return at.evaluate((element, { key, tellings }) =>
    tellings.map((telling) => {
      const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...telling });
      element.dispatchEvent(press);
      return press.defaultPrevented;
    }), { key, tellings });
}

test("an input method keeps Enter, Escape and arrows to itself", async ({ browse, register }) => {
  const [alice, bob, carol] = [await register("Alice"), await register("Bob"), await register("Carol")];
  const id = await alice.makeGroup("Tea", [bob, carol]);
  await bob.writeTo(alice, "[b1] Hello");
  await alice.write(id, "[a1] The last of mine");
  const browser = await browse(alice);
  const { page, composer } = browser;
  await browser.openConversation(id);
  const nobody = [false, false];
  const save = page.getByRole("button", { name: "Save", exact: true });

  await test.step("in the field where one writes", async () => {
    expect(await compose(composer, "ArrowUp")).toEqual(nobody);
    await expect(save).toHaveCount(0);
    await composer.fill("nihao");
    expect(await compose(composer, "Enter")).toEqual(nobody);
    await expect(composer).toHaveValue("nihao");
    await composer.fill("");
    await browser.choose("[a1]", "Edit");
    await expect(save).toBeVisible();
    expect(await compose(composer, "Escape")).toEqual(nobody);
    await expect(save).toBeVisible();
    await composer.press("Escape");
    await expect(save).toHaveCount(0);
  });

  await test.step("in the list of whom an @ may mean", async () => {
    const options = page.getByRole("option");
    await composer.pressSequentially("@");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    for (const key of ["ArrowDown", "Enter", "Tab", "Escape"]) expect(await compose(composer, key)).toEqual(nobody);
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await expect(composer).toHaveValue("@");
    await composer.fill("");
  });

  await test.step("in the filter", async () => {
    const filter = page.getByRole("searchbox", { name: "Filter chats" });
    await filter.fill("bo");
    for (const key of ["Enter", "Escape"]) expect(await compose(filter, key)).toEqual(nobody);
    await expect(filter).toHaveValue("bo");
    await expect(page).toHaveURL(new RegExp(`/c/${id}$`));
    await filter.fill("");
  });

  await test.step("in menus", async () => {
    await page.getByRole("button", { name: "Emoji", exact: true }).click();
    const find = page.getByRole("searchbox", { name: "Find emoji" });
    await expect(find).toBeFocused();
    await expect(page.locator(".emoji-picker .emoji-list button").first()).toBeVisible();
    expect(await compose(find, "ArrowDown")).toEqual(nobody);
    await expect(find).toBeFocused();
    await page.keyboard.press("Escape");
  });

  await test.step("and everywhere", async () => {
    for (const key of ["Escape", "?"]) expect(await compose(page.locator("main h1"), key)).toEqual(nobody);
    await expect(page).toHaveURL(new RegExp(`/c/${id}$`));
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeHidden();
  });
});

// What was shared in a conversation, in its details, and what one's files take, in the settings.
import { png } from "../support/drawn.ts";
import { expect, test } from "../support/test.ts";

test("details have what was shared, a tab each kind; the settings what it takes", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const group = await alice.makeGroup("Walkers", [bob]);
  const pictures = await Promise.all([1, 2].map((at) => alice.upload(`hill${at}.png`, png(90 + at, 60), { as: "photo" })));
  await alice.sendFiles(group, "image", pictures);
  const notes = await alice.upload("route.txt", Uint8Array.from(Buffer.from("left, then up")));
  await alice.sendFiles(group, "file", [notes]);
  const theirs = await browse(bob);
  const { page } = theirs;
  await theirs.open(`/c/${group}/info`);
  await expect(page.getByRole("tab", { name: "Pictures", exact: true })).toHaveAttribute("aria-selected", "true");
  const panel = page.getByRole("tabpanel", { name: "Pictures", exact: true });
  await expect(panel.getByRole("button", { name: /^hill\d\.png$/ })).toHaveCount(2);
  await panel.getByRole("button").first().click();
  const viewer = page.getByRole("dialog", { name: "Picture", exact: true });
  await expect(viewer).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(page).toHaveURL(/\/info$/);
  await page.getByRole("tab", { name: "Files", exact: true }).click();
  await expect(page.getByRole("tabpanel", { name: "Files", exact: true }).getByRole("link", { name: /^route\.txt/ })).toBeVisible();
  await page.getByRole("tab", { name: "Voice", exact: true }).click();
  await expect(page.getByRole("tabpanel", { name: "Voice", exact: true })).toContainText("Nothing was shared here.");

  const mine = await browse(alice);
  await mine.open("/settings");
  const part = mine.page.getByRole("region", { name: "What your files take", exact: true });
  await expect(part.getByRole("link", { name: /^route\.txt/ })).toBeVisible();
  await part.getByRole("link", { name: "Show", exact: true }).first().click();
  await expect(mine.page).toHaveURL(new RegExp(`/c/${group}\\?m=\\d+`));
});

// Files without JavaScript: a form sends one, pictures and downloads are links.
import { png } from "../support/drawn.ts";
import { expect, test } from "../support/test.ts";

test.use({ javaScriptEnabled: false });

test("someone without JavaScript sends a file and a picture, and opens what others sent", async ({ browse, register }) => {
  const [alice, bob] = [await register("Alice"), await register("Bob")];
  const { conversation_id } = await alice.writeTo(bob, "[a1]");
  const mine = await browse(alice);
  const { page } = mine;
  await page.goto(`/c/${conversation_id}`);
  const field = page.getByLabel("Attach a file", { exact: true });
  const send = page.getByRole("button", { name: "Send the file", exact: true });
  await field.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("to the byte") });
  await send.click();
  await expect(page).toHaveURL(new RegExp(`/c/${conversation_id}$`));
  const link = mine.log.getByRole("link", { name: /^notes\.txt/ });
  await expect(link).toContainText("11 B · TXT");
  const download = page.waitForEvent("download");
  await link.click();
  expect((await download).suggestedFilename()).toBe("notes.txt");

  await field.setInputFiles({ name: "lake.png", mimeType: "image/png", buffer: Buffer.from(png(120, 80)) });
  await send.click();
  const picture = mine.log.getByRole("button", { name: "Photo", exact: true });
  await expect(picture).toBeVisible();
  const [, , last] = await bob.history(conversation_id);
  expect(last).toMatchObject({ message_type: "image" });
  const { url } = last!.files[0]!;
  await expect(picture).toHaveAttribute("href", url);
  expect((await page.request.get(url)).headers()["content-type"]).toBe("image/png");
});

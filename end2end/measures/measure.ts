// What the measurements share: a Kith that does not write down everything, and tables of figures.
import { test as base } from "../support/test.ts";
import { Kith } from "../support/server.ts";

export { expect } from "../support/test.ts";

export const test = base.extend<object, { kith: Kith }>({
  kith: [
    async ({ engine }, use) => {
      const kith = await Kith.start(engine, { KITH_LOG: "warn" });
      await use(kith);
      await kith.dispose();
    },
    { scope: "worker" },
  ],
});

/** The value below which this part of the values lies. */
export function quantile(values: number[], part: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? NaN;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The median of several rounds, with their range. */
export function rounds(values: number[], digits = 1): string {
  const [low, mid, high] = [Math.min(...values), median(values), Math.max(...values)];
  return `${mid.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** Prints a table; the first row is its head. */
export function print(title: string, table: string[][]): void {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("   "));
  console.log(`\n${title}\n${lines.map((line) => `  ${line.trimEnd()}`).join("\n")}\n`);
}

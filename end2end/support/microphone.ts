// A microphone that the browser makes up: a tone now and then.
import type { LaunchOptions } from "@playwright/test";

/** A browser that has one, and lets every page use it. */
export function fakeMicrophone(options: LaunchOptions): LaunchOptions {
  return {
    ...options,
    args: [...(options.args ?? []), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  };
}

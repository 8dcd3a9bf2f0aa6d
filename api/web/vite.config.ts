import { defineConfig } from "vitest/config";

// Everything is a file of its own, so that the page runs under `script-src 'self'; style-src 'self'`.
export default defineConfig({
  base: "/app/",
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["test/**/*.test.ts"] },
});

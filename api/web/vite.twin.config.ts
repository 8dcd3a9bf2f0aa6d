import { defineConfig } from "vite";

// The schedule for Node, everything in one plain file, so that other implementations can be held against it.
export default defineConfig({
  build: {
    ssr: "tools/twin.ts",
    outDir: "../../build/schedule",
    emptyOutDir: false,
    copyPublicDir: false,
    target: "node20",
    rolldownOptions: { output: { entryFileNames: "twin.mjs" } },
  },
  ssr: { noExternal: true },
});

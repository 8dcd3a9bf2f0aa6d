/** The little of Node that the tools use; the app itself never runs there. */
export interface Node {
  readonly argv: readonly string[];
  readonly stdin: {
    setEncoding(encoding: "utf8"): void;
    on(event: "data", take: (chunk: string) => void): void;
  };
  readonly stdout: { write(text: string): void };
}

export const nodeProcess = (globalThis as unknown as { process: Node }).process;

import { createServer, createServerModuleRunner } from 'vite';

let runner;

/** A module of ours that Node cannot read yet, with what it loads later: `runnerImport` of Vite closes behind itself. */
export async function importSource(file) {
  runner ??= start();
  return (await runner).import(file);
}

async function start() {
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  });
  return createServerModuleRunner(server.environments.ssr, { hmr: false });
}

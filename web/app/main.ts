import '../../src/gpu/symbol-dispose.ts';

// Either the lab, or what the command line has to be done: a visitor loads nothing of the other.
if (!new URLSearchParams(location.search).has('mailbox')) {
  const { showLab } = await import('./show-lab.ts');
  await showLab(document.body, location.hash);
} else {
  const [{ drive }, { svgToPng }] = await Promise.all([import('./drive.ts'), import('../figures/export.ts')]);
  await drive(location.href, {
    gpu: navigator.gpu,
    agent: navigator.userAgent,
    painter: () => Promise.resolve(svgToPng),
    verifier: async () => (await import('../verify/in-worker.ts')).verifyInWorker,
  });
}

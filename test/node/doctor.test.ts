import { expect, test } from 'vitest';
import type { Diagnosis } from '../../src/experiment/job.ts';
import { describeDiagnosis } from '../../src/node/doctor.ts';

const found = { path: '/usr/bin/chromium', how: 'installed on this system' };
const gpu = {
  vendor: 'nvidia',
  architecture: 'hopper',
  device: '',
  description: '',
  software: false,
  features: ['shader-f16', 'subgroups'],
  limits: { maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: 2 ** 27 },
};
const diagnosis: Diagnosis = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36',
  webGpu: true,
  adapter: gpu,
  error: null,
};

test('a machine with a GPU: the facts, and nothing to change', () => {
  const text = describeDiagnosis('chrome', found, diagnosis);
  for (const fact of [
    'Chrome 156.0.0.0, installed on this system',
    '/usr/bin/chromium',
    'nvidia hopper',
    'the GPU (hardware)',
    'shader-f16, subgroups',
    'largest buffer 4 GiB',
    'largest binding 128 MiB',
    'Everything is there',
  ]) {
    expect(text).toContain(fact);
  }
});

test.each<[string, Partial<Diagnosis>, RegExp]>([
  ['no WebGPU', { webGpu: false, adapter: null }, /too old for WebGPU.*CHROME_PATH.*--browser firefox/s],
  ['no adapter', { adapter: null }, /opens no adapter.*driver.*--adapter\s+software/s],
  [
    'software only',
    { adapter: { ...gpu, software: true } },
    /work, but on the CPU.*If\s+this machine has a GPU/s,
  ],
])('%s: what to change, in words', (_case, change, words) => {
  const text = describeDiagnosis('chrome', found, { ...diagnosis, ...change });
  expect(text).toMatch(words);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

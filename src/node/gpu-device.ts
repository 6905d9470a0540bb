import { existsSync, readdirSync } from 'node:fs';

/** Whether the kernel shows a GPU (Linux). */
export function hasGpuDevice(): boolean {
  if (existsSync('/dev/nvidia0')) return true;
  try {
    return readdirSync('/dev/dri').some((entry) => entry.startsWith('renderD'));
  } catch {
    return false;
  }
}

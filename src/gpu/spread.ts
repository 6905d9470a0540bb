import type { Gpu } from './device.ts';

/**
 * A number of workgroups as x × y, since one dimension holds at most maxComputeWorkgroupsPerDimension. The shader
 * counts on: index = id.y · (workgroups in x) · (workgroup size) + id.x.
 */
export function spread({ device }: Gpu, workgroups: number): [x: number, y: number] {
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  const y = Math.ceil(workgroups / most);
  return [Math.ceil(workgroups / y), y];
}

/** Points up to which an alignment is exact (two kernels of 64 MiB): the same on every device, since records tell it. */
export const exactPoints = 4096;

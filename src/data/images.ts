import { DataError } from './data-error.ts';
import { type StoredArray, rowSize, tuple } from './stored-array.ts';

/** Height, width and channels of an image, channels last. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/**
 * The shape of the images in a file: what its array says, else what the user does.
 * @param given height, width and, where there are several, channels
 * @returns null where neither tells, so that rows are vectors
 * @throws DataError where the two do not agree, or the channels stand first
 */
export function imageShape(
  array: StoredArray,
  given: readonly number[] | undefined,
  name: string,
): ImageShape | null {
  const [, ...stored] = array.shape;
  const [height, width, channels = 1] = given ?? stored;
  const size = rowSize(array);
  if (given) {
    if (height * width * channels !== size) {
      throw new DataError(
        `data.shape is [${given.join(', ')}], which is ${height * width * channels} numbers, but a row of ${name} has ${size} (shape ${tuple(array.shape)}). Give the height, width and channels of its images.`,
      );
    }
    const told = stored.length > 1;
    if (told && (stored[0] !== height || stored[1] !== width || (stored[2] ?? 1) !== channels)) {
      throw new DataError(
        `data.shape is [${given.join(', ')}], but ${name} has images of shape ${tuple(stored)}; leave data.shape out where the file tells.`,
      );
    }
    return [height, width, channels];
  }
  if (stored.length < 2) return null;
  if (stored.length === 3 && (height === 1 || height === 3) && channels > 4) {
    throw new DataError(
      `${name} has shape ${tuple(array.shape)}, as if the channels of its images stood first; they are read as height, width, channels. Save np.moveaxis(X, 1, -1), or say with data.shape = [${stored.join(', ')}] that this is meant.`,
    );
  }
  return [height, width, channels];
}

/**
 * Images of a smaller side: each number the mean of a block of side × side pixels of its channel, in units in which a
 * byte of 255 is 1. Rows become vectors, channels last.
 * @throws DataError where the side does not divide height and width, or the images have none
 */
export function averaged(
  array: StoredArray,
  shape: ImageShape | null,
  side: number,
  name: string,
): StoredArray {
  const unit = 1 / (array.unit * side * side);
  if (!shape) {
    if (side > 1) {
      throw new DataError(
        `data.average is ${side}, but the rows of ${name}, shape ${tuple(array.shape)}, are no images; give their height, width and channels as data.shape, for example [28, 28, 1].`,
      );
    }
    return {
      shape: [array.shape[0], rowSize(array)],
      unit: 1,
      rows: (first, count) => array.rows(first, count).map((value) => value * unit),
    };
  }
  const [height, width, channels] = shape;
  const uneven = [height, width].find((length) => length % side !== 0);
  if (uneven !== undefined) {
    throw new DataError(
      `data.average is ${side}, which does not divide the ${height} × ${width} pixels of the images in ${name}; take a divisor of both.`,
    );
  }
  const [rows, cols] = [height / side, width / side];
  const [from, to] = [height * width * channels, rows * cols * channels];
  /** Where each number of an image goes. */
  const places = Uint32Array.from({ length: from }, (_, k) => {
    const [row, col] = [Math.floor(k / (width * channels)), Math.floor(k / channels) % width];
    return (Math.floor(row / side) * cols + Math.floor(col / side)) * channels + (k % channels);
  });
  return {
    shape: [array.shape[0], to],
    unit: 1,
    rows: (first, count) => {
      const pixels = array.rows(first, count);
      const means = new Float64Array(count * to);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < from; k++) means[i * to + places[k]] += pixels[i * from + k];
      }
      for (let k = 0; k < means.length; k++) means[k] *= unit;
      return means;
    },
  };
}

/** A set of images whose classes have names, in the order of their numbers from 0. */
export interface NamedClasses {
  set: string;
  /** Numbers of an image, by which files of the set are told from others. */
  pixels: number;
  names: readonly string[];
}

/** No name is in two of them, so that it tells the set, too. */
export const namedClasses: readonly NamedClasses[] = [
  {
    set: 'Fashion-MNIST',
    pixels: 28 * 28,
    names: [
      't-shirt',
      'trouser',
      'pullover',
      'dress',
      'coat',
      'sandal',
      'shirt',
      'sneaker',
      'bag',
      'ankle boot',
    ],
  },
  {
    set: 'CIFAR-10',
    pixels: 32 * 32 * 3,
    names: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
  },
];

/** The set that has a class of this name, and the class's number there; undefined where none has. */
export function classOf(name: string): { classes: NamedClasses; number: number } | undefined {
  const classes = namedClasses.find(({ names }) => names.includes(name));
  return classes && { classes, number: classes.names.indexOf(name) };
}

/** The number of a class of images that is given by its number or name. */
export const classNumber = (given: number | string): number =>
  typeof given === 'number' ? given : classOf(given)!.number;

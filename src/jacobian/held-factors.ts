import type { CommandStream, Dispatch } from '../gpu/command-stream.ts';
import type { Matrix, RowBlock } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import type { FactorPair, FactorShape } from '../programs/factors.ts';
import type { JacobianFactors } from './factors.ts';
import { heldBytes } from './hidden-block.ts';

/** Room for the factors of one block of points. */
export interface FactorRoom extends Disposable {
  readonly bytes: number;
  /** The dispatches that make the factors of a block in it. */
  make: (block: RowBlock) => Iterable<Dispatch>;
  /** Where they are, of `part` of the block's rows; a pair for each layer. */
  pairs: (block: RowBlock, part: RowBlock) => FactorPair[];
}

/** What a network says of its factors, and how it makes room for them. */
export interface FactorSource {
  X: Matrix;
  layers: readonly FactorShape[];
  blockRows: number;
  rowBytes: number;
  /** All of it or, where it throws, none. */
  newRoom: (rows: number) => FactorRoom;
  /** What all rooms share: freed with them. */
  shared?: Disposable;
}

/**
 * Factors in rooms, one for each block that is held and one in which the rest take turns. Memory: that of one room, and
 * with `hold` heldBytes more unless given.
 */
export class HeldFactors implements JacobianFactors {
  readonly X: Matrix;
  readonly layers: readonly FactorShape[];
  readonly blockRows: number;
  readonly rowBytes: number;
  readonly #newRoom: (rows: number) => FactorRoom;
  /** But for the rooms of blocks that are held. */
  readonly #owned = new Resources();
  /** Where blocks that are not held take turns. */
  readonly #passing: FactorRoom;
  /** By the first row of their block. */
  readonly #held = new Map<number, FactorRoom>();

  constructor({ X, layers, blockRows, rowBytes, newRoom, shared }: FactorSource) {
    this.X = X;
    this.layers = layers;
    this.blockRows = blockRows;
    this.rowBytes = rowBytes;
    this.#newRoom = newRoom;
    if (shared) this.#owned.own(shared);
    this.#passing = this.#owned.own(newRoom(Math.min(blockRows, X.rows)));
  }

  hold(stream: CommandStream, most = heldBytes): void {
    const blocks = this.blocks();
    const fitting = Math.floor(Math.max(0, most) / this.#passing.bytes);
    const all = blocks.length <= fitting + 1;
    for (const block of all ? blocks : blocks.slice(0, fitting)) {
      // Where no block is left to pass, the last one may keep the room for those.
      const last = all && block === blocks.at(-1);
      const room = this.#held.get(block.firstRow) ?? (last ? this.#passing : this.#newRoom(block.rows));
      this.#held.set(block.firstRow, room);
      for (const dispatch of room.make(block)) stream.run(dispatch);
    }
    stream.flush();
  }

  release(): void {
    for (const room of this.#held.values()) if (room !== this.#passing) room[Symbol.dispose]();
    this.#held.clear();
  }

  blocks(): RowBlock[] {
    return this.X.blocks(this.blockRows);
  }

  fill(block: RowBlock): Iterable<Dispatch> {
    return this.#held.has(block.firstRow) ? [] : this.#passing.make(block);
  }

  of(block: RowBlock, part = block): FactorPair[] {
    return (this.#held.get(block.firstRow) ?? this.#passing).pairs(block, part);
  }

  [Symbol.dispose](): void {
    this.release();
    this.#owned[Symbol.dispose]();
  }
}

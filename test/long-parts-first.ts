import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A file that only names its part of a matrix or of a property is a few lines. */
const mostBytesOfPart = 800;

/**
 * Parts of a matrix or of a property first: they take longest, and none is to be what one process still does when the others
 * are done. Where no run before has left its times, as on a checkout, Vitest goes by the size of files, and has them last.
 */
export class LongPartsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isPart = ({ moduleId }: TestSpecification) => statSync(moduleId).size <= mostBytesOfPart;
    return [...sorted.filter(isPart), ...sorted.filter((file) => !isPart(file))];
  }
}

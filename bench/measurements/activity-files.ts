import { type ActivityFiles, activityFileKinds } from '../../core/model/activity.ts';
import type { Bench } from '../bench.ts';
import type { RunCount, RunKind } from '../cost/counts.ts';
import { foretold } from '../cost/foretold.ts';
import { totalsOf } from '../cost/run-totals.ts';
import { evenSite } from '../cost/site-shape.ts';
import { countedNights } from '../counted-nights.ts';
import { type Figure, type FigureGroup, units } from '../figure.ts';

/** As docs/cost-and-limits.md has it. */
const foretoldSite = { objects: 500_000, schemas: 30, types: 600 };

const nights = [
  { night: 'first', title: 'first night', kinds: { object: 'first night', type: 'first night by type' } },
  { night: 'next', title: 'night after it', kinds: { object: 'night', type: 'night by type' } },
] as const satisfies readonly {
  readonly night: 'first' | 'next';
  readonly title: string;
  readonly kinds: Readonly<Record<ActivityFiles, RunKind>>;
}[];

/** What S3 is asked by a night whose files of activity hold one object each, and by one whose files hold many. */
export async function measureActivityFiles(bench: Bench): Promise<FigureGroup> {
  const figures: Figure[] = [];
  const notes: string[] = [];
  const add = (title: string, objects: number, { object, type }: Readonly<Record<ActivityFiles, number>>) => {
    figures.push({
      what: `S3 requests by type, of those by object: ${written(objects)} objects, ${title}`,
      measured: (100 * type) / object,
      unit: units.percent,
      bound: { kind: 'at most', value: 17 },
    });
    notes.push(`${written(objects)} objects, ${title}: by object ${written(object)}, by type ${written(type)}`);
  };
  let error = 0;
  for (const objects of bench.sizes.nights) {
    const reports = {
      object: await countedNights(bench, objects, 'object'),
      type: await countedNights(bench, objects, 'type'),
    };
    for (const { night, title, kinds } of nights) {
      const counted = { object: requestsOf(reports.object[night]), type: requestsOf(reports.type[night]) };
      add(title, objects, counted);
      for (const files of activityFileKinds) {
        const byFormula = requestsOf(foretold(kinds[files], reports[files].shape));
        error = Math.max(error, Math.abs(byFormula - counted[files]) / counted[files]);
      }
    }
  }
  const site = evenSite(foretoldSite);
  for (const { title, kinds } of nights) {
    const byFormula = {
      object: requestsOf(foretold(kinds.object, site)),
      type: requestsOf(foretold(kinds.type, site)),
    };
    add(`${title}, by the formula`, foretoldSite.objects, byFormula);
  }
  return {
    heading: 'activity-files: requests to S3 by the setting activityFiles, PUT, LIST and GET of both buckets',
    figures: [
      ...figures,
      {
        what: 'largest error of the formula of the cost page, held against the counts',
        measured: 100 * error,
        unit: units.percent,
        bound: { kind: 'at most', value: 5 },
      },
    ],
    notes: ['counted between the steps and their stores; a copy is a look at what is there and a copy', ...notes],
  };
}

function requestsOf(run: RunCount): number {
  const { backupsA, backupsB, workA, workB } = totalsOf(run);
  return backupsA + backupsB + workA + workB;
}

const written = (count: number) => Math.round(count).toLocaleString('en-US');

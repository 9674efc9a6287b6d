// The two drawings of the report: answered against wrong, and how far "sure" means "right".

import { html, nothing } from '../../vendor/lit.js';
import { operating, reliability } from '../charts.js';

const KINDS = ['champion', 'challenger'];

export function curve(told, { t, write, before, after }) {
  const { curve: given } = told;
  if (!given?.challenger?.length) return nothing;
  const names = { champion: before, challenger: after };
  const at = (kind) => given.present?.[kind]?.threshold ?? given.threshold?.[kind];
  const now = given.present?.challenger ?? told.overall?.challenger;
  const said = now && t('curve.said', { answered: write.share(now.answered), wrong: write.share(now.wrong) });
  return operating({
    lines: KINDS.map((kind) => ({ shape: kind, name: names[kind], points: given[kind], threshold: at(kind), dot: given.present?.[kind] })),
    write: write.brief,
    words: {
      title: t('curve.chart'), said: said ?? '', axis: [t('curve.answered'), t('curve.wrong')], more: t('numbers'),
      columns: [t('curve.threshold'), t('curve.answered'), t('curve.wrong')],
    },
  });
}

export function calibration(told, { t, write, before, after }) {
  const { calibration: given } = told;
  if (!given?.challenger?.bins?.length) return nothing;
  const names = { champion: before, challenger: after };
  const { ece } = given.challenger;
  return html`${reliability({
    lines: KINDS.map((kind) => ({ shape: kind, name: names[kind], bins: given[kind]?.bins })),
    write: write.brief,
    count: write.count,
    words: {
      title: t('calibration.chart'), said: t('calibration.said', { ece: write.fine(ece) }), axis: [t('calibration.sure'), t('calibration.right')],
      ideal: t('calibration.ideal'), more: t('numbers'),
      columns: [t('calibration.bin'), t('count'), t('calibration.sure'), t('calibration.right')],
    },
  })}`;
}

// How a voice stands to something: a glyph with a word, never colour alone.
import {h} from './dom.js';

export const MARKS = {
  asserts: {glyph: '✓', word: 'asserts', style: 'yes'},
  denies: {glyph: '✗', word: 'denies', style: 'no'},
  doubts: {glyph: '?', word: 'doubts', style: 'open'},
  relays: {glyph: '↷', word: 'passes on', style: 'pass'},
  silent: {glyph: '·', word: 'silent', style: 'silent'},
};

export const glyph = name => {
  const mark = MARKS[name] || MARKS.silent;
  return h('span', {class: 'g ' + mark.style, 'aria-hidden': 'true'}, mark.glyph);
};

const FACTUALITY = {'CT+': 'asserts', 'PR+': 'asserts', 'CT-': 'denies', 'PR-': 'denies'};
export const mark_of = (factuality, stance) => stance === 'relays' ? 'relays' : FACTUALITY[factuality] || 'doubts';

/** Colour group of a stance. */
export function stance_style(stance) {
  if (['denies', 'doubts'].includes(stance)) return 's-deny';
  if (['asks', 'demands', 'promises', 'threatens', 'accuses'].includes(stance)) return 's-press';
  if (['supposes', 'hopes', 'fears'].includes(stance)) return 's-think';
  return stance === 'withholds' ? 's-mute' : 's-say';
}

export const tag = (word, style = '') => h('span', {class: 'tag ' + style}, word);
/** Of what a reviewer has corrected. */
export const decision_tag = row => row.decision ? [' ', tag(row.decision, 'pass')] : null;
export const status_tag = status => tag(status, {happened: 'yes', ongoing: 'yes', denied: 'no', refused: 'no'}[status] || 'open');

// One event over documents: every telling of it, every claim about it.
import {add, h, href, plural, split_id} from './dom.js';
import {get, seg} from './api.js';
import {decision_tag, glyph, mark_of, status_tag, tag} from './marks.js';

export async function show(place, parameters) {
  const found = await get('story-events/' + seg(parameters.id || ''));
  const event = found.story_event;
  const when = event.date_from ? (event.date_from === event.date_to ? event.date_from : `${event.date_from} to ${event.date_to}`) : 'day unknown';
  add(place, 
    h('h1', null, event.title),
    h('p', {class: 'lead'}, [event.type, when, event.place_name, plural(event.documents, 'document') + ' from ' + plural(event.origins, 'origin')].filter(Boolean).join(' · ')),
    found.disputes.length > 0 && h('section', null, h('h2', null, 'Disputes'), h('ul', {class: 'plain'}, found.disputes.map(d =>
      h('li', null, h('a', {href: href('dispute', {id: d.id}), 'data-stop': true}, d.title), ' ', tag(d.kind))))),
    found.changes_of_mind.length > 0 && h('section', null, h('h2', null, 'Changes of mind'), h('ul', {class: 'plain'}, found.changes_of_mind.map(c =>
      h('li', null, h('b', null, c.label), `: ${c.earlier_holds || 'another thing'} (${c.earlier_date || 'no date'}), then ${c.later_holds || 'another thing'} (${c.later_date || 'no date'})`)))),
    h('section', null, h('h2', null, 'Claims'), found.claims.length ? h('ul', {class: 'sentences'}, found.claims.map(c =>
      h('li', null, glyph(mark_of(c.factuality, c.stance)), ' ', h('b', null, c.label), c.holds ? ': ' + c.holds : '', decision_tag(c),
        h('blockquote', null, h('a', {href: href('read', {document: c.document, at: c.event}), 'data-stop': true}, c.sentence || c.document)),
        h('p', {class: 'soft'}, c.chain, c.date ? ' · ' + c.date : '', c.copy_of ? ' · copy of ' + c.copy_of : '')))) : h('p', {class: 'empty'}, 'No claims.')),
    h('section', null, h('h2', null, 'Told by'), h('ul', {class: 'sentences'}, found.members.map(m =>
      h('li', null, h('b', null, m.publisher || m.document), ' ', h('span', {class: 'soft'}, m.published || 'no date'), ' ', status_tag(m.status), decision_tag(m),
        h('blockquote', null, h('a', {href: href('read', split_id(m.event)), 'data-stop': true}, m.sentence || m.trigger)),
        m.why?.length ? h('details', null, h('summary', null, 'Why it is the same event', m.score !== null ? ` (${m.score.toFixed(2)})` : ''), h('ul', null, m.why.map(w => h('li', null, String(w))))) : null)))));
  return {title: event.title};
}

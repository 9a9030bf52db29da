// The HTTP API. A problem becomes an Error with its own words.

async function call(method, path, parameters, body) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters || {})) if (value !== '' && value !== null && value !== undefined) query.set(name, value);
  const text = query.toString();
  const answer = await fetch('/api/v1/' + path + (text ? '?' + text : ''), {
    method,
    headers: body ? {'Content-Type': 'application/json'} : {},
    body: body ? JSON.stringify(body) : undefined,
    credentials: 'same-origin',
    redirect: 'error',
  }).catch(() => { throw new Error('The server does not answer. Is `reportedly serve` still running?'); });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const error = new Error(problem.detail || `The server answered ${answer.status}`);
    error.status = answer.status;
    throw error;
  }
  if (answer.status === 204) return null;
  return (answer.headers.get('Content-Type') || '').includes('json') ? answer.json() : answer.text();
}

export const get = (path, parameters) => call('GET', path, parameters);
export const post = (path, body) => call('POST', path, null, body);
export const remove = path => call('DELETE', path);
/** An id as one segment of a path. */
export const seg = id => encodeURIComponent(id);

let scheme = null;
/** Types, stances, statuses: asked for once. */
export const get_scheme = () => scheme ||= get('scheme');

// Calls of the API. Tokens live in cookies that scripts cannot read; what is read here are the
// CSRF values beside them, which prove that the call comes from this page.

const BASE = "/api/v1";

/** A refusal: `problem` is the problem document of the answer. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

export const get = (path, query) => call("GET", path, { query });
export const post = (path, body, version) => call("POST", path, { body, version });
export const patch = (path, body, version) => call("PATCH", path, { body, version });
export const remove = (path, version) => call("DELETE", path, { version });
export const signIn = (email, password) =>
  call("POST", "/auth/login", { body: { email, password, transport: "cookie" }, renew: false });
export const signOut = () => call("POST", "/auth/logout");

/** Every item of a list, page by page, as long as `more(items)` wants another page. */
export async function pages(path, query, more = () => true) {
  const items = [];
  let after;
  do {
    const page = await get(path, { limit: 500, ...query, after });
    items.push(...page.items);
    after = page.next;
  } while (after && more(items));
  return items;
}

async function call(method, path, { body, version, query, renew = true } = {}) {
  const before = cookie("csrf_access_token");
  let answer = await send(method, path, body, version, query);
  if (answer.status === 401 && renew) {
    if (await renewed(before)) answer = await send(method, path, body, version, query);
    if (answer.status === 401) document.dispatchEvent(new Event("signed-out"));
  }
  const told = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told ?? {});
  return told;
}

function send(method, path, body, version, query) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (method !== "GET") headers["X-CSRF-TOKEN"] = cookie("csrf_access_token");
  const asked = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value));
  return fetch(`${BASE}${path}${asked.size ? `?${asked}` : ""}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new Error("The server cannot be reached. Is it running?");
  });
}

let renewal = null;

/** A refresh token is good once, so this page asks once, and one tab at a time. */
function renewed(before) {
  renewal ??= alone(() => exchange(before)).finally(() => (renewal = null));
  return renewal;
}

// Locks need a secure origin; over plain HTTP from afar two tabs may sign each other out.
const alone = (work) =>
  navigator.locks ? navigator.locks.request("factmark-refresh", work) : work();

async function exchange(before) {
  if (cookie("csrf_access_token") !== before) return true; // another call or tab was quicker
  const csrf = cookie("csrf_refresh_token");
  if (!csrf) return false;
  const answer = await fetch(`${BASE}/auth/refresh`, {
    method: "POST",
    headers: { "X-CSRF-TOKEN": csrf },
  });
  return answer.ok;
}

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

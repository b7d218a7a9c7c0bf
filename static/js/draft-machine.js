/* When a draft is sent and what each answer means; `page` has the DOM and the network. No response: no status. */

const PAUSE = 1500; // after the last keystroke
const APART = 10_000; // between two requests
const RETRY = { first: 2000, last: 60_000 };
const UNSURE = 30_000; // while signed out
const ENDS = { 200: "saved", 400: "refused", 404: "refused", 409: "conflict", 413: "long" };
const PARTING = 3000; // what other forms wait

const wait = (time) => new Promise((done) => { setTimeout(done, time); });

export function keepDraft(page, unsaved) {
  let kept = unsaved ? null : page.written(); // what the server has
  let carried = kept; // ... or is being sent
  let tried = kept; // sent last
  let since = 0; // the first unsent change
  let last = -APART; // the last request
  let busy = null; // the request in flight
  let unsure = false; // somebody else may be logged in
  let retry = RETRY.first;
  let tooLong = false; // why they were refused
  let state = "";
  let timer;

  const clean = () => page.written() === kept;
  const cutOff = () => ["offline", "trouble"].includes(state);

  function show(next, answer = {}) {
    state = next;
    page.show(next, answer);
    return next;
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function again(next, answer) {
    later(unsure ? Math.min(retry, UNSURE) : retry);
    retry = Math.min(retry * 2, RETRY.last);
    return show(next, answer);
  }

  function typed() {
    if (unsure) return;
    if (tooLong && page.fits()) shortened();
    if (clean()) return;
    const now = performance.now();
    since ||= now;
    if (!cutOff()) later(Math.max(last + APART, Math.min(now + PAUSE, since + APART)) - now);
  }

  /* Nothing was stored, so these words need not wait. */
  function shortened() {
    tooLong = false;
    last = -APART;
    show("");
  }

  /* One request at a time; newer words wait for it. */
  function save() {
    clearTimeout(timer);
    busy ??= attempt().finally(() => {
      busy = null;
      if (page.written() !== tried) typed();
    });
    return busy;
  }

  async function attempt() {
    if (unsure) await recognise();
    if (unsure) return state;
    if (!clean()) return send();
    return cutOff() ? show("") : state;
  }

  async function send(secondTry) {
    const words = page.written();
    const fits = page.fits();
    carried = tried = words;
    since = 0;
    last = performance.now();
    if (!cutOff() && state !== "conflict") show("saving");
    const answer = await page.post(words);
    const { status } = answer;
    if ([200, 409].includes(status)) kept = words; // of a conflict, too
    else carried = kept;
    if (ENDS[status]) {
      retry = RETRY.first;
      tooLong = !fits && ["refused", "long"].includes(ENDS[status]);
      return show(ENDS[status], answer);
    }
    if (![401, 403].includes(status)) return again(missing(answer), answer);
    unsure = true;
    if (status === 401 || secondTry) return again("out");
    await recognise();
    return unsure ? state : send(true);
  }

  const missing = ({ status }) => (status ? "trouble" : "offline");

  async function recognise() {
    const answer = await page.person();
    if (answer.status !== 200) return again(answer.status === 401 ? "out" : missing(answer));
    if (!answer.same) return again("stranger");
    unsure = false;
    retry = RETRY.first;
    return ["saved", "conflict"].includes(state) ? state : show("");
  }

  async function saveAll() {
    await (busy ?? wait(0)); // not within its event
    return clean() ? "saved" : save();
  }

  return {
    typed,
    get state() { return state; },
    get unsent() { return !clean(); },

    /* A page being left has no time to queue. */
    flush: () => (unsure || clean() || page.written() === carried ? busy : send()),

    lookAgain() {
      unsure = true;
      if (busy) busy.then(save);
      else save();
    },

    /* Its own form leaves once the words are safe. */
    async mayLeave(own) {
      const now = await (own ? saveAll() : Promise.race([saveAll(), wait(PARTING)]));
      const may = !own || ["saved", "refused"].includes(now);
      if (may) clearTimeout(timer);
      return may;
    },
  };
}

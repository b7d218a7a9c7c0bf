/* Leaving quickly: Shift three times within five seconds, and a cover over the page at once.
   Without it, "Leave this page" is a plain link. */

const TIMES = 3;
const WITHIN = 5000;
const LAST_WORDS = 300; // milliseconds in which a page may send what is not saved yet

const root = document.documentElement;
const exit = document.querySelector("a.exit");

/* Pages that do not know who reads them carry no setting: there the last one of this tab counts. */
function keysAreOn() {
  const setting = root.dataset.exitKeys;
  try {
    if (setting) sessionStorage.setItem("exitKeys", setting);
    return (setting ?? sessionStorage.getItem("exitKeys")) !== "off";
  } catch {
    return setting !== "off";
  }
}

/* Before any other module's, so that nothing asks to stay. */
let leaving = false;
addEventListener("beforeunload", (event) => {
  if (leaving) event.stopImmediatePropagation();
});

function cover() {
  leaving = true;
  const sheet = document.createElement("div");
  sheet.className = "cover";
  document.body.append(sheet);
}

/* What a page still has to send answers the event `leaving`. */
function unsent() {
  const sending = [];
  dispatchEvent(new CustomEvent("leaving", { detail: sending }));
  return sending;
}

async function go(sending) {
  if (sending.length) await Promise.race([Promise.allSettled(sending), new Promise((done) => { setTimeout(done, LAST_WORDS); })]);
  location.assign(exit.href);
}

function listenForShift() {
  let presses = [];
  let alone = false;
  const forget = () => {
    alone = false;
    presses = [];
  };
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) forget();
    else if (!event.repeat) alone = true;
  });
  addEventListener("pointerdown", forget);
  addEventListener("wheel", forget, { passive: true });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone || event.isComposing) return;
    alone = false;
    presses = [...presses, event.timeStamp].slice(-TIMES);
    if (presses.length === TIMES && presses[TIMES - 1] - presses[0] <= WITHIN) {
      cover();
      go(unsent());
    }
  });
}

exit.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  cover();
  const sending = unsent();
  if (sending.length) {
    event.preventDefault();
    go(sending);
  }
});
if (keysAreOn()) listenForShift();

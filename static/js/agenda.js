/* A quiet clock for the half hour: it marks the step that it is time for. Without it, the times stand beside the steps. */

const MINUTE = 60_000;
const agenda = document.querySelector("[data-now]");
const ahead = Date.parse(agenda.dataset.now) - Date.now(); // of the device's clock, which may be wrong
const clock = agenda.querySelector("[data-clock]");
const steps = [...agenda.querySelectorAll("li")];

/* The time of day as the page shows it: by the zone of the settings, not of the device. */
function timeOfDay(now) {
  return new Date(now + agenda.dataset.offsetMinutes * MINUTE).toISOString().slice(11, 16);
}

function tick() {
  const now = Date.now() + ahead;
  const current = steps.findLast((step) => Date.parse(step.querySelector("time").dateTime) <= now);
  for (const step of steps) step.toggleAttribute("aria-current", step === current);
  current?.setAttribute("aria-current", "step");
  clock.textContent = timeOfDay(now);
  clock.parentElement.hidden = false;
}

tick();
setInterval(tick, 10_000);

// Sends the device's time zone with the sign-up, and says so in one sentence.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const note = document.querySelector("[data-device-zone]");

if (zone) {
  const place = zone.split("/").at(-1).replaceAll("_", " ");
  document.getElementById("id_timezone").value = zone;
  note.textContent = note.dataset.deviceZone.replace("{place}", place);
  note.hidden = false;
}
